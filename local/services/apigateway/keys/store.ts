/** API keys, usage plans and what was used of them. */
import type { ApiKey, QuotaSettings, ThrottleSettings, UsagePlan } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import type { StoredMap } from "../../../core/storage.ts";
import { Throttle } from "../shared-serving/throttle.ts";

export interface StoredPlan {
  shape: UsagePlan;
  readonly keyIds: string[];
}

/** How a request with a key stands to the plans of the stage. */
export type KeyVerdict =
  | { readonly kind: "accepted"; readonly key: ApiKey }
  | { readonly kind: "invalid" }
  | { readonly kind: "throttled"; readonly key: ApiKey }
  | { readonly kind: "over quota"; readonly key: ApiKey };

const DAY_MS = 86_400_000;

export class Keys {
  readonly cloud: Cloud;
  readonly keys: StoredMap<ApiKey>;
  readonly plans: StoredMap<StoredPlan>;
  /** Requests by `<plan>/<key>/<day>`; days read 2030-01-07. */
  readonly #usage: StoredMap<number>;
  readonly #throttle: Throttle;

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.keys = cloud.storage.map("apigateway.keys");
    this.plans = cloud.storage.map("apigateway.plans");
    this.#usage = cloud.storage.map("apigateway.usage");
    this.#throttle = new Throttle(cloud.clock);
  }

  /** `method`: `<resource path>/<METHOD>`, as plans name the methods that they throttle apart. */
  use(value: string | undefined, apiId: string, stage: string, method: string): KeyVerdict {
    const key = [...this.keys.values()].find((candidate) => candidate.value === value);
    if (!key?.id || !key.enabled) return { kind: "invalid" };
    const { id } = key;
    const plan = [...this.plans.values()].find(
      ({ shape, keyIds }) =>
        keyIds.includes(id) && shape.apiStages?.some((one) => one.apiId === apiId && one.stage === stage),
    );
    if (!plan?.shape.id) return { kind: "invalid" };
    const place = plan.shape.apiStages?.find((one) => one.apiId === apiId && one.stage === stage);
    const own = place?.throttle?.[method];
    const isThrottled =
      (own && !this.#take(`${plan.shape.id}/${id}/${method}`, own)) ||
      (plan.shape.throttle && !this.#take(`${plan.shape.id}/${id}`, plan.shape.throttle));
    if (isThrottled) return { kind: "throttled", key };
    const { quota } = plan.shape;
    if (quota && this.#used(plan.shape.id, id, quota) >= (quota.limit ?? 0)) return { kind: "over quota", key };
    const counter = `${plan.shape.id}/${id}/${dayOf(this.cloud.clock.now())}`;
    this.#usage.set(counter, (this.#usage.get(counter) ?? 0) + 1);
    return { kind: "accepted", key };
  }

  #take(bucket: string, { rateLimit = 0, burstLimit = 0 }: ThrottleSettings): boolean {
    return this.#throttle.take(bucket, { rate: rateLimit, burst: burstLimit });
  }

  /** Requests counted in the current period. */
  #used(planId: string, keyId: string, quota: QuotaSettings): number {
    const now = this.cloud.clock.now();
    let used = 0;
    for (let day = periodStart(now, quota); day <= now; day += DAY_MS) used += this.usedOn(planId, keyId, dayOf(day));
    return used;
  }

  usedOn(planId: string, keyId: string, day: string): number {
    return this.#usage.get(`${planId}/${keyId}/${day}`) ?? 0;
  }

  forgetPlan(planId: string): void {
    for (const counter of this.#usage.keys()) if (counter.startsWith(`${planId}/`)) this.#usage.delete(counter);
  }
}

/** `2030-01-07`, in UTC. */
export const dayOf = (epochMs: number): string => new Date(epochMs).toISOString().slice(0, 10);

/** When the current quota period began: midnight UTC, Sunday or the first of the month, shifted by the offset in days. */
export function periodStart(now: number, { period = "MONTH", offset = 0 }: QuotaSettings): number {
  const today = new Date(now);
  const midnight = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), today.getUTCDate());
  if (period === "DAY") return midnight;
  if (period === "WEEK") return midnight - ((today.getUTCDay() - offset + 7) % 7) * DAY_MS;
  const start = Date.UTC(today.getUTCFullYear(), today.getUTCMonth(), 1 + offset);
  return start <= now ? start : Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - 1, 1 + offset);
}
