/** Runs the child executions of a Map run, so many at a time, until all are done or too many have failed. */
import type { ChildOutcome, MapRun } from "../host.ts";
import type { Json } from "../json.ts";
import { isExceeded, type Bounds } from "./tolerance.ts";

export interface Child {
  readonly input: Json;
  /** How many items it stands for. */
  readonly items: number;
}

/** Outcomes in the order of the children; undefined for those never started. */
export async function runChildren(
  run: MapRun,
  children: readonly Child[],
  itemCount: number,
  bounds: Bounds,
  outer: AbortSignal,
): Promise<{ readonly outcomes: readonly (ChildOutcome | undefined)[]; readonly exceeded: boolean }> {
  const outcomes = children.map((): ChildOutcome | undefined => undefined);
  const stop = new AbortController();
  const signal = AbortSignal.any([outer, stop.signal]);
  const running = new Set<Promise<void>>();
  let failedItems = 0;
  let exceeded = false;

  const runOne = async (child: Child, index: number): Promise<void> => {
    const outcome = await run.runChild({ index, input: child.input, items: child.items, signal });
    outcomes[index] = outcome;
    if (outcome.status === "SUCCEEDED" || signal.aborted) return;
    failedItems += child.items;
    if (!isExceeded(failedItems, itemCount, run.limits, bounds)) return;
    exceeded = true;
    stop.abort(new Error("The tolerated failure threshold was exceeded"));
  };
  for (const [index, child] of children.entries()) {
    // UpdateMapRun may change the concurrency while the run goes on.
    while (running.size >= run.limits.maxConcurrency && !signal.aborted) await Promise.race(running);
    if (signal.aborted) break;
    const work: Promise<void> = runOne(child, index).finally(() => running.delete(work));
    running.add(work);
  }
  await Promise.all(running);
  if (outer.aborted) run.finish("ABORTED", false);
  outer.throwIfAborted();
  return { outcomes, exceeded };
}
