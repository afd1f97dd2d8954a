/** Items of one table by the moment at which their time to live ends, and the timer that deletes them. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Cancel } from "../../../core/clock.ts";
import { SortedList } from "../indexes/sorted-list.ts";
import { compareText } from "../values/compare.ts";
import { attributeOf, type Item } from "../values/value.ts";

interface Deadline {
  /** Epoch seconds. */
  readonly at: number;
  readonly key: string;
}

/** AWS deletes within days; here it takes until the next full minute that is half a minute away. */
const SWEEP = 60_000;
const DELAY = 30_000;
const FIVE_YEARS = 5 * 365 * 24 * 60 * 60;

export class Expiry {
  readonly attribute: string;
  readonly #cloud: Cloud;
  readonly #remove: (key: string) => void;
  readonly #deadlines = new SortedList<Deadline>((a, b) => a.at - b.at || compareText(a.key, b.key));
  #timer: { readonly due: number; readonly cancel: Cancel } | undefined;

  constructor(cloud: Cloud, attribute: string, remove: (key: string) => void) {
    this.#cloud = cloud;
    this.attribute = attribute;
    this.#remove = remove;
  }

  /** Follows an item that came, changed or went. */
  move(key: string, before: Item | undefined, after: Item | undefined): void {
    const from = before && this.#deadlineOf(before);
    const to = after && this.#deadlineOf(after);
    if (from === to) return;
    if (from !== undefined) this.#deadlines.remove({ at: from, key });
    if (to !== undefined) this.#deadlines.add({ at: to, key });
    this.#arm();
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** Only numbers of seconds that are less than five years ago count ("Using time to live (TTL)"). */
  #deadlineOf(item: Item): number | undefined {
    const value = attributeOf(item, this.attribute);
    if (value === undefined || !("N" in value)) return undefined;
    const at = Number(value.N);
    return Number.isFinite(at) && at > this.#cloud.clock.now() / 1000 - FIVE_YEARS ? at : undefined;
  }

  #arm(): void {
    const first = this.#deadlines.first();
    const due = first && Math.ceil((Math.max(first.at * 1000, this.#cloud.clock.now()) + DELAY) / SWEEP) * SWEEP;
    if (due === this.#timer?.due) return;
    this.stop();
    // Moments that no date can name are as good as never.
    if (due === undefined || due > 8.64e15) return;
    this.#timer = { due, cancel: this.#cloud.clock.at(due, () => this.#sweep(), { background: true }) };
  }

  #sweep(): void {
    this.#timer = undefined;
    const now = this.#cloud.clock.now() / 1000;
    for (let first = this.#deadlines.first(); first && first.at <= now; first = this.#deadlines.first()) {
      this.#deadlines.remove(first);
      this.#remove(first.key);
    }
    this.#arm();
  }
}
