/**
 * What every app has to survive: that one of the calls it makes fails for most of an hour, whatever it tries. Which calls there are is
 * found by watching it. Whoever handed in work that was refused hands it in again, an operator redrives what failed or was put aside, and
 * then all must be done: nothing may be lost, half done, or reported as done when it was not.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy } from "../testing.ts";
import { type Call, failureOfService, watchCalls } from "./calls.ts";
import type { LocalApp } from "./local-app.ts";
import { recover } from "./recover.ts";
import type { Step, Task, Work } from "./work.ts";

const PATIENCE_MS = 480_000;
/** Longer than any number of tries within minutes, shorter than functions stay warm. */
const OUTAGE_SECONDS = 2_700;
const COLD_SECONDS = 9_000;
/** A call fails in the first task that makes it; by `npm run outages -- --thorough` in each: that takes twice as long. */
const IS_THOROUGH = process.env["OUTAGES"] === "all";

/** Declares a test for each task of an app. */
export function outages(name: string, { parameters = {}, begin, tasks }: Work): void {
  describe(`${name}, while a dependency fails for most of an hour`, () => {
    let app: LocalApp;
    beforeAll(async () => {
      app = await deploy(name, { parameters });
      await app.settle();
      await begin?.(app);
    }, PATIENCE_MS);
    afterAll(() => app[Symbol.asyncDispose]());

    const failed = new Set<string>();
    it.each(Object.entries(tasks))("%s", { timeout: PATIENCE_MS }, async (_title, task) => {
      expect(await harmByOutages(app, task, failed)).toEqual([]);
    });
  });
}

/** Lets each call that a task leads to fail in turn, but for those that have `failed` before. Answers what was not done in the end, by call. */
export async function harmByOutages(app: LocalApp, task: Task, failed = new Set<string>()): Promise<string[]> {
  const harm: string[] = [];
  for (const [key, met] of await callsOf(app, task)) {
    if (failed.has(key) && !IS_THOROUGH) continue;
    failed.add(key);
    const what = await harmOf(app, task, met);
    if (what !== undefined) harm.push(`${key}: ${what}`);
  }
  return harm;
}

interface Met {
  readonly call: Call;
  /** Index of the first step that makes the call. */
  readonly step: number;
}

/** Which calls a task makes when nothing fails. */
async function callsOf(app: LocalApp, task: Task): Promise<ReadonlyMap<string, Met>> {
  const id = nextId();
  const found = new Map<string, Met>();
  for (const [index, step] of task.steps.entries()) {
    const stop = watchCalls(app);
    await step(app, id);
    await app.settle();
    for (const [key, call] of stop().calls) if (!found.has(key)) found.set(key, { call, step: index });
  }
  await task.sound?.(app, id);
  await task.done(app, id);
  return found;
}

async function harmOf(app: LocalApp, task: Task, met: Met): Promise<string | undefined> {
  try {
    if (await survives(app, task, met)) return undefined;
    // What a warm function remembers is asked for again by the next one.
    await app.advance(COLD_SECONDS);
    return (await survives(app, task, met)) ? undefined : "the call was not made again";
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message.slice(0, 600)}` : String(error);
  }
}

/** Throws unless all was done in the end. Answers whether the call was made during the outage. */
async function survives(app: LocalApp, task: Task, { call, step }: Met): Promise<boolean> {
  const id = nextId();
  const since = app.cloud.clock.now();
  let failed = 0;
  for (const [index, each] of task.steps.entries()) {
    if (index === step) failed = await duringOutage(app, task, id, each, call);
    else await each(app, id);
    await recover(app.cloud, since);
    await task.sound?.(app, id);
  }
  await task.again?.(app, id);
  await app.settle();
  await task.done(app, id);
  return failed > 0;
}

/** Answers how often the call was made in vain. */
async function duringOutage(app: LocalApp, task: Task, id: string, step: Step, call: Call): Promise<number> {
  const fault = app.cloud.faults.add({ ...call, error: failureOfService(call.service) });
  let isTaken = true;
  try {
    await step(app, id).catch(() => (isTaken = false));
    await app.advance(OUTAGE_SECONDS);
    await task.sound?.(app, id);
  } finally {
    fault.remove();
  }
  if (!isTaken) {
    if (!task.isUrgent) await app.settle();
    await step(app, id);
  }
  return fault.hits;
}

let last = 0;
const nextId = (): string => `outage${++last}`;
