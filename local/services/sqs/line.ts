/** In which order a queue hands out its visible messages. */
import { Heap } from "./heap.ts";
import type { Entry } from "./message.ts";

export interface Line {
  /** A message came into the queue, visible or still delayed. */
  enter(entry: Entry): void;
  /** A message that was delayed or in flight is visible now. */
  show(entry: Entry, from: "delayed" | "in-flight"): void;
  /** A message that was in flight before a restart is in flight again. */
  readmitInFlight(entry: Entry): void;
  /** A message left the queue for good; `from` is the state it was in. */
  remove(entry: Entry, from: Entry["state"]): void;
  /**
   * Takes up to `limit` visible messages out of the line. `keep` is asked for each: one that it refuses has been
   * removed from the queue (expired, dead-lettered) and the next one is tried.
   */
  take(limit: number, keep: (entry: Entry) => boolean): Entry[];
}

/** Standard queues: in the order in which messages became visible. */
export class StandardLine implements Line {
  readonly #visible = new Heap<Entry>((a, b) => a.turn < b.turn);
  #turns = 0;

  enter(entry: Entry): void {
    if (entry.state === "visible") this.show(entry);
  }

  show(entry: Entry): void {
    entry.turn = ++this.#turns;
    this.#visible.push(entry);
  }

  readmitInFlight(): void {}

  remove(): void {
    this.#visible.dropWhile((entry) => entry.state !== "visible");
  }

  take(limit: number, keep: (entry: Entry) => boolean): Entry[] {
    const taken: Entry[] = [];
    while (taken.length < limit) {
      const entry = this.#visible.pop();
      if (entry === undefined) break;
      if (entry.state === "visible" && keep(entry)) taken.push(entry);
    }
    return taken;
  }
}

interface Group {
  readonly id: string;
  readonly pending: Heap<Entry>;
  inFlight: number;
  listed: boolean;
  turn: number;
}

/**
 * FIFO queues: strictly by order within a group. A group whose message is in flight is locked; one receive takes as many
 * messages of a group as it can (Amazon SQS, "FIFO queue delivery logic").
 */
export class FifoLine implements Line {
  readonly #groups = new Map<string, Group>();
  readonly #ready = new Heap<Group>((a, b) => a.turn < b.turn);
  #turns = 0;

  enter(entry: Entry): void {
    const group = this.#groupOf(entry);
    group.pending.push(entry);
    this.#refresh(group);
  }

  show(entry: Entry, from: "delayed" | "in-flight"): void {
    const group = this.#groupOf(entry);
    if (from === "in-flight") {
      group.inFlight -= 1;
      group.pending.push(entry);
    }
    this.#refresh(group);
  }

  readmitInFlight(entry: Entry): void {
    this.#groupOf(entry).inFlight += 1;
  }

  remove(entry: Entry, from: Entry["state"]): void {
    const group = this.#groupOf(entry);
    if (from === "in-flight") group.inFlight -= 1;
    this.#refresh(group);
  }

  take(limit: number, keep: (entry: Entry) => boolean): Entry[] {
    const taken: Entry[] = [];
    while (taken.length < limit) {
      const group = this.#ready.pop();
      if (group === undefined) break;
      group.listed = false;
      if (group.inFlight > 0) continue;
      while (taken.length < limit && group.pending.peek()?.state === "visible") {
        const entry = group.pending.pop();
        if (entry === undefined || !keep(entry)) continue;
        taken.push(entry);
        group.inFlight += 1;
      }
      this.#refresh(group);
    }
    return taken;
  }

  #groupOf(entry: Entry): Group {
    const id = entry.message.groupId ?? "";
    let group = this.#groups.get(id);
    if (group === undefined) {
      const pending = new Heap<Entry>((a, b) => a.message.order < b.message.order);
      group = { id, pending, inFlight: 0, listed: false, turn: 0 };
      this.#groups.set(id, group);
    }
    return group;
  }

  /** Lists the group when its next message may be received, and forgets it when it has none. */
  #refresh(group: Group): void {
    group.pending.dropWhile((entry) => entry.state === "gone");
    if (group.inFlight > 0) return;
    const next = group.pending.peek();
    if (next === undefined) {
      // A listed group is forgotten when its turn comes: a second one of its name must not be there meanwhile.
      if (!group.listed) this.#groups.delete(group.id);
    } else if (next.state === "visible" && !group.listed) {
      group.listed = true;
      group.turn = ++this.#turns;
      this.#ready.push(group);
    }
  }
}
