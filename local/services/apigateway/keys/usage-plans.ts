/** Usage plans, the keys in them, and GetUsage. */
import type { ApiStage, QuotaSettings, ThrottleSettings, UsagePlan, UsagePlanKey } from "@aws-sdk/client-api-gateway";
import type { Handlers } from "../../../core/service.ts";
import { applyPatch, type Change, numberOf } from "../apis/patch.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, conflict, member, notFound, page, type RestApis, type Sdk } from "../store.ts";
import { keyOf } from "./api-keys.ts";
import { dayOf, type Keys, type StoredPlan } from "./store.ts";

export function usagePlanHandlers(keys: Keys, apis: RestApis): Handlers<Sdk> {
  const save = (plan: StoredPlan): UsagePlan => {
    keys.plans.set(plan.shape.id ?? "", plan);
    return plan.shape;
  };
  return {
    CreateUsagePlan({ name, description, apiStages = [], throttle, quota, tags }) {
      if (!name) throw badRequest("Usage Plan name cannot be blank");
      for (const stage of apiStages) checkStage(apis, stage);
      checkQuota(quota);
      checkThrottle(throttle);
      const shape: UsagePlan = {
        id: newId(keys.cloud, 6),
        name,
        apiStages,
        tags: tags ?? {},
        ...given({ description, throttle, quota }),
      };
      return save({ shape, keyIds: [] });
    },
    GetUsagePlan: ({ usagePlanId }) => planOf(keys, usagePlanId).shape,
    GetUsagePlans({ keyId, limit, position }) {
      const plans = [...keys.plans.values()].filter(({ keyIds }) => keyId === undefined || keyIds.includes(keyId));
      return page(
        plans.map(({ shape }) => shape),
        limit,
        position,
      );
    },
    UpdateUsagePlan({ usagePlanId, patchOperations }) {
      const plan = planOf(keys, usagePlanId);
      const shape = structuredClone(plan.shape);
      applyPatch(patchOperations, (change) => patchPlan(apis, shape, change));
      checkQuota(shape.quota);
      checkThrottle(shape.throttle);
      return save({ ...plan, shape });
    },
    DeleteUsagePlan({ usagePlanId }) {
      const { id = "", apiStages = [] } = planOf(keys, usagePlanId).shape;
      if (apiStages.length > 0)
        throw badRequest(
          `Cannot delete usage plan '${id}' because it still has API stages. Remove the API stages first.`,
        );
      keys.plans.delete(id);
      keys.forgetPlan(id);
      return {};
    },
    CreateUsagePlanKey({ usagePlanId, keyId, keyType }) {
      const plan = planOf(keys, usagePlanId);
      if (keyType !== "API_KEY") throw badRequest("Invalid Key type specified");
      const key = keyOf(keys, keyId);
      if (plan.keyIds.includes(key.id ?? "")) throw conflict("Usage Plan Key already exists: " + (key.id ?? ""));
      plan.keyIds.push(key.id ?? "");
      save(plan);
      return { id: key.id, type: "API_KEY", value: key.value, ...given({ name: key.name }) };
    },
    GetUsagePlanKey: ({ usagePlanId, keyId }) => shapeKey(keys, planKey(planOf(keys, usagePlanId), keyId)),
    GetUsagePlanKeys({ usagePlanId, limit, position, nameQuery }) {
      const shapes = planOf(keys, usagePlanId).keyIds.map((id) => shapeKey(keys, id));
      return page(
        shapes.filter(({ name = "" }) => name.startsWith(nameQuery ?? "")),
        limit,
        position,
      );
    },
    DeleteUsagePlanKey({ usagePlanId, keyId }) {
      const plan = planOf(keys, usagePlanId);
      plan.keyIds.splice(plan.keyIds.indexOf(planKey(plan, keyId)), 1);
      save(plan);
      return {};
    },
    GetUsage({ usagePlanId, startDate = "", endDate = "", keyId }) {
      const plan = planOf(keys, usagePlanId);
      const [start, end] = [Date.parse(startDate), Date.parse(endDate)];
      if (!(start <= end)) throw badRequest("Invalid date range specified");
      const wanted = keyId === undefined ? plan.keyIds : [planKey(plan, keyId)];
      const { quota } = plan.shape;
      const daily = (id: string) => {
        let left = quota?.limit ?? 0;
        const rows: number[][] = [];
        for (let day = start; day <= end; day += 86_400_000) {
          const used = keys.usedOn(usagePlanId ?? "", id, dayOf(day));
          left = Math.max(0, (quota?.period === "DAY" ? (quota.limit ?? 0) : left) - used);
          rows.push([used, left]);
        }
        return rows;
      };
      return { usagePlanId, startDate, endDate, items: Object.fromEntries(wanted.map((id) => [id, daily(id)])) };
    },
  };
}

function planOf(keys: Keys, id: string | undefined): StoredPlan {
  const plan = keys.plans.get(id ?? "");
  if (!plan) throw notFound("Invalid Usage Plan ID specified");
  return plan;
}

function planKey(plan: StoredPlan, keyId: string | undefined): string {
  if (keyId === undefined || !plan.keyIds.includes(keyId)) throw notFound("Invalid API Key identifier specified");
  return keyId;
}

function shapeKey(keys: Keys, id: string): UsagePlanKey {
  const { value, name } = keyOf(keys, id);
  return { id, type: "API_KEY", ...given({ value, name }) };
}

/** Throws NotFoundException when there is no such stage. */
function checkStage(apis: RestApis, { apiId, stage }: ApiStage): void {
  member(apis.byId(apiId).stages, "stage", stage);
}

function checkQuota(quota: QuotaSettings | undefined): void {
  if (!quota) return;
  const { limit = 0, period, offset = 0 } = quota;
  if (limit <= 0) throw badRequest("Quota limit must be a positive number");
  if (period !== "DAY" && period !== "WEEK" && period !== "MONTH")
    throw badRequest("Quota period must be one of DAY, WEEK or MONTH");
  const most = { DAY: 0, WEEK: 6, MONTH: 27 }[period];
  if (offset < 0 || offset > most)
    throw badRequest("Usage Plan quota offset must be zero in the " + period + " period");
}

function checkThrottle(throttle: ThrottleSettings | undefined): void {
  if (!throttle) return;
  if ((throttle.rateLimit ?? 0) < 0 || (throttle.burstLimit ?? 0) < 0)
    throw badRequest("Throttle limits must not be negative");
}

function patchPlan(
  apis: RestApis,
  plan: UsagePlan,
  { op, path: [first, second, third, fourth, ...rest], value }: Change,
): boolean {
  switch (first) {
    case "name":
    case "description":
      plan[first] = value;
      return op === "replace";
    case "throttle":
      if (op === "remove" && second === undefined) delete plan.throttle;
      else if (second === "rateLimit" || second === "burstLimit")
        plan.throttle = { ...plan.throttle, [second]: numberOf(value) };
      else return false;
      return true;
    case "quota":
      if (op === "remove" && second === undefined) delete plan.quota;
      else if (second === "limit" || second === "offset") plan.quota = { ...plan.quota, [second]: numberOf(value) };
      else if (second === "period") plan.quota = { ...plan.quota, period: value as "DAY" };
      else return false;
      return true;
    case "apiStages":
      return patchStages(apis, plan, op, second, third, fourth, rest, value);
    default:
      return false;
  }
}

/** Adds or removes `<api>:<stage>`, or throttles a method: `/apiStages/<api>:<stage>/throttle/<path>/<METHOD>/rateLimit`. */
function patchStages(
  apis: RestApis,
  plan: UsagePlan,
  op: Change["op"],
  name: string | undefined,
  group: string | undefined,
  path: string | undefined,
  [method, limit]: readonly string[],
  value: string,
): boolean {
  const [apiId, stage] = (name ?? value).split(":");
  const stages = plan.apiStages ?? [];
  const found = stages.find((one) => one.apiId === apiId && one.stage === stage);
  if (name === undefined) {
    if (op === "replace") return false;
    if (op === "remove") plan.apiStages = stages.filter((one) => one !== found);
    else if (!found) {
      checkStage(apis, { apiId, stage });
      plan.apiStages = [...stages, { apiId, stage }];
    }
    return true;
  }
  if (!found || group !== "throttle" || (limit !== "rateLimit" && limit !== "burstLimit")) return false;
  const key = `${path ?? ""}/${method ?? ""}`;
  found.throttle = { ...found.throttle, [key]: { ...found.throttle?.[key], [limit]: numberOf(value) } };
  return true;
}
