/** Threads side by side: Parallel branches and Map iterations. The first failure ends the others. */
import { Thread, SiblingFailed, type Visit } from "./thread.ts";
import { Scope } from "./scope.ts";
import type { Json, JsonObject } from "./json.ts";

export interface Siblings {
  readonly visit: Visit;
  readonly count: number;
  readonly concurrency: number;
  /** The Context object of one thread. */
  context(index: number): JsonObject;
  /** Called before a thread runs its first state, in order. */
  begin?(thread: Thread, index: number): void;
  run(thread: Thread, index: number): Promise<Json>;
  /** Called when a thread ends well, fails, or is ended because another one failed. */
  end?(thread: Thread, index: number, how: "Succeeded" | "Failed" | "Aborted"): void;
}

/** The outputs in order. Sets the last event of the visit's thread to that of the thread which ended last (or failed). */
export async function runSiblings(siblings: Siblings): Promise<Json[]> {
  const { visit, count, concurrency } = siblings;
  const group = new AbortController();
  const signal = AbortSignal.any([visit.thread.signal, group.signal]);
  const started = visit.thread.lastEventId;
  const outputs = Array.from({ length: count }, (): Json => null);
  let next = 0;
  let failure: { readonly error: unknown } | undefined;

  const begin = (lastEventId: number): { thread: Thread; index: number } => {
    const index = next++;
    const thread = new Thread({
      host: visit.thread.host,
      signal,
      scope: new Scope(visit.thread.scope),
      context: siblings.context(index),
      lastEventId,
    });
    siblings.begin?.(thread, index);
    return { thread, index };
  };
  const finish = (thread: Thread, index: number, how: "Succeeded" | "Failed" | "Aborted"): number => {
    const last = thread.lastEventId;
    siblings.end?.(thread, index, how);
    visit.thread.lastEventId = thread.lastEventId;
    return last;
  };
  /** One place among the threads that run at a time. The next thread's first event follows the last event inside the one before. */
  const lane = async (first: { thread: Thread; index: number }): Promise<void> => {
    for (let { thread, index } = first; ;) {
      try {
        outputs[index] = await siblings.run(thread, index);
      } catch (error) {
        const aborted = signal.aborted && signal.reason instanceof SiblingFailed;
        if (aborted) thread.record(`${thread.stateType}StateAborted`);
        else if (!visit.thread.signal.aborted) failure ??= { error };
        if (!visit.thread.signal.aborted) finish(thread, index, aborted ? "Aborted" : "Failed");
        group.abort(new SiblingFailed());
        return;
      }
      const last = finish(thread, index, "Succeeded");
      if (next >= count || signal.aborted) return;
      ({ thread, index } = begin(last));
    }
  };
  const lanes = Array.from({ length: Math.min(concurrency, count) }, () => begin(started));
  await Promise.all(lanes.map(lane));
  visit.thread.signal.throwIfAborted();
  if (failure) throw failure.error;
  return outputs;
}
