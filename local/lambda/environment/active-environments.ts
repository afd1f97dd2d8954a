/** The environments that are at work, as the clock sees them: virtual time moves only when all of them wait for it. */
import type { TimeSource } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Environment } from "./environment.ts";

/** After this long (real ms) without a pause a person is told what keeps time from moving. */
const WARN_AFTER_MS = 10_000;
/** A handler that computes for ever is ended this long (real ms) after its timeout, as time does not move meanwhile. */
const GRACE_MS = 60_000;
const LOOK_EVERY_MS = 2_000;

export class ActiveEnvironments implements TimeSource {
  readonly #cloud: Cloud;
  readonly #active = new Set<Environment>();
  readonly #byKey = new Map<string, Environment>();
  readonly #warned = new WeakMap<Environment, string | undefined>();
  readonly #source: { changed(): void; remove(): void };
  readonly #endSubscription: () => void;
  #watchdog: NodeJS.Timeout | undefined;
  #preparations = 0;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#source = cloud.clock.addSource(this);
    this.#endSubscription = cloud.signals.on("gateway.waiting", ({ accessKeyId, delta }) => {
      const environment = this.#byKey.get(accessKeyId);
      if (environment === undefined) return;
      environment.blocked += delta;
      this.#source.changed();
    });
  }

  add(environment: Environment): void {
    this.#byKey.set(environment.accessKeyId, environment);
    environment.onChange = () => this.#refresh(environment);
    this.#refresh(environment);
  }

  remove(environment: Environment): void {
    this.#byKey.delete(environment.accessKeyId);
    this.#refresh(environment);
  }

  /** Time stands still while code is being built or unpacked. */
  async preparing<T>(work: () => Promise<T>): Promise<T> {
    this.#preparations++;
    try {
      return await work();
    } finally {
      this.#preparations--;
      this.#source.changed();
    }
  }

  isIdle(): boolean {
    if (this.#preparations > 0) return false;
    // In real time an environment tells nothing of what it waits for.
    if (!this.#cloud.clock.isVirtual) return this.#active.size === 0;
    for (const environment of this.#active) if (!environment.isIdle()) return false;
    return true;
  }

  nextDue(): { due: number; background: boolean } | undefined {
    let earliest: number | undefined;
    for (const environment of this.#active) {
      const due = environment.nextDue();
      if (due !== undefined && (earliest === undefined || due < earliest)) earliest = due;
    }
    return earliest === undefined ? undefined : { due: earliest, background: false };
  }

  fire(now: number): void {
    for (const environment of this.#active) environment.tick(now);
  }

  stop(): void {
    clearInterval(this.#watchdog);
    this.#endSubscription();
    this.#source.remove();
  }

  #refresh(environment: Environment): void {
    if (environment.isActive) this.#active.add(environment);
    else this.#active.delete(environment);
    if (this.#cloud.clock.isVirtual) this.#watch();
    this.#source.changed();
  }

  #watch(): void {
    if (this.#active.size === 0 || this.#watchdog !== undefined) return;
    this.#watchdog = setInterval(() => this.#look(), LOOK_EVERY_MS);
    this.#watchdog.unref();
  }

  #look(): void {
    if (this.#active.size === 0) {
      clearInterval(this.#watchdog);
      this.#watchdog = undefined;
    }
    for (const environment of this.#active) {
      const realMs = performance.now() - environment.activeSince;
      if (environment.isIdle()) {
        // It waits for time, as it should.
        environment.activeSince = performance.now();
      } else if (realMs > WARN_AFTER_MS) {
        this.#warn(environment);
        if (environment.isWaitingForNothing()) {
          environment.isStuck = true;
          this.#source.changed();
        } else if (realMs > GRACE_MS + environment.spec.timeoutSeconds * 1000) environment.timeOut();
      }
    }
  }

  #warn(environment: Environment): void {
    const invocation = environment.runningRequestId ?? "init";
    if (this.#warned.get(environment) === invocation) return;
    this.#warned.set(environment, invocation);
    const why = environment.isWaitingForNothing()
      ? "waits for something that never comes: it is left to its timeout"
      : "has been computing, or waiting for something outside the local cloud, for 10 seconds: virtual time stands still meanwhile";
    this.#cloud.log.warn(`The function ${environment.spec.name} ${why}`);
  }
}
