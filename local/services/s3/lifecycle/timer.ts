/** Lifecycle rules act once a day, at midnight UTC, while any bucket has some. */
import type { Cancel } from "../../../core/clock.ts";
import type { Store } from "../store.ts";
import { midnightAfter } from "./rules.ts";
import { sweep } from "./sweep.ts";

export class LifecycleTimer {
  readonly #store: Store;
  #cancel: Cancel | undefined;

  constructor(store: Store) {
    this.#store = store;
  }

  /** Call it whenever a bucket may have got rules. */
  arm(): void {
    const { clock } = this.#store.cloud;
    const isNeeded = this.#store.buckets().some(({ record }) => record.lifecycle !== undefined);
    if (!isNeeded || this.#cancel) return;
    // The next midnight, also when it is midnight now.
    this.#cancel = clock.at(midnightAfter(clock.now() + 1, 0), () => this.#onMidnight(), { background: true });
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }

  #onMidnight(): void {
    this.#cancel = undefined;
    const now = this.#store.cloud.clock.now();
    for (const bucket of this.#store.buckets()) if (bucket.record.lifecycle) sweep(this.#store, bucket, now);
    this.arm();
  }
}
