/** All apps on one cloud for hours of virtual time, fed every hour, with calls that fail by chance. */
import { serialize, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { deploy, type TestCloud, testCloud } from "../../local/testing.ts";
import { recover, type Recovered } from "../../local/testing/recover.ts";
import { Feed } from "./feed.ts";
import { type Leftovers, leftovers } from "./leftovers.ts";
import { workOf } from "./work-of.ts";

export interface SoakOptions {
  readonly hours: number;
  readonly seed: number;
  readonly apps: readonly string[];
  readonly say?: (text: string) => void;
}

export interface Hour {
  readonly hour: number;
  /** The heap after a full collection. */
  readonly heapMegabytes: number;
  /** What the services keep (histories, logs, metrics, rows), serialised. */
  readonly keptMegabytes: number;
  readonly calls: number;
}

export interface Soaked extends Leftovers {
  readonly hours: readonly Hour[];
  readonly calls: number;
  readonly disturbed: number;
  readonly invocations: number;
  /** How many pieces of work were handed in. */
  readonly handedIn: number;
  /** What an operator had to hand back at the end. */
  readonly recovered: Recovered;
  /** Work that was taken and is not done, with the reason. */
  readonly undone: readonly string[];
  readonly seconds: number;
}

/** Shares of calls of every service that are refused, and that are done while their answer is lost. */
export const REFUSED = 0.02;
export const ANSWER_LOST = 0.01;
/** Objects on the heap take about twice the room that they take serialised. */
const ROOM = 2;
/** By how much of itself the heap may grow in the second half beyond what is kept: noise. */
export const MOST_GROWTH = 0.05;
const HOUR_MS = 3_600_000;

export async function soak({ hours, seed, apps: names, say = () => {} }: SoakOptions): Promise<Soaked> {
  const began = performance.now();
  await using cloud = await testCloud({ seed });
  const feeds: Feed[] = [];
  let pieces = 0;
  const nextId = () => `soak${pieces++}`;
  for (const name of names) {
    say(`deploying ${name}`);
    const { parameters = {}, begin, tasks } = await workOf(name);
    const app = await deploy(name, { cloud, parameters });
    await begin?.(app);
    for (const [title, task] of Object.entries(tasks)) feeds.push(new Feed(app, title, task, nextId));
  }
  await cloud.clock.settle();

  const since = cloud.clock.now();
  let calls = 0;
  let invocations = 0;
  cloud.dispatcher.observe(() => void calls++);
  cloud.signals.on("lambda.invoked", () => void invocations++);
  const faults = disturb(cloud);
  const measured: Hour[] = [];
  for (let hour = 0; hour < hours; hour++) {
    say(`hour ${hour + 1} of ${hours}`);
    const before = calls;
    for (const feed of feeds) await feed.hour();
    await cloud.clock.advance(HOUR_MS);
    measured.push({
      hour,
      heapMegabytes: heapAfterCollection(),
      keptMegabytes: keptBy(cloud),
      calls: calls - before,
    });
  }
  const disturbed = faults.reduce((sum, fault) => sum + fault.hits, 0);
  cloud.faults.clear();
  await cloud.clock.settle();

  const left = await leftovers(cloud);
  const first = await recover(cloud, since);
  for (const feed of feeds) await feed.finish();
  // What people do at the end may be what others have waited for, the release of a brake for instance.
  const second = await recover(cloud, since);
  const recovered = { letters: first.letters + second.letters, executions: first.executions + second.executions };
  const undone: string[] = [];
  for (const feed of feeds) undone.push(...(await feed.undone()));
  const seconds = (performance.now() - began) / 1_000;
  const handedIn = feeds.reduce((sum, feed) => sum + feed.handedIn, 0);
  return { ...left, hours: measured, calls, disturbed, invocations, handedIn, recovered, undone, seconds };
}

/** Every service fails by chance whoever calls it, but for the account itself, which is us, and for Lambda as it writes functions' logs. */
function disturb(cloud: TestCloud) {
  return [...cloud.dispatcher.entries].flatMap(({ id }) =>
    id === "logs"
      ? []
      : [
          cloud.faults.add({ service: id, error: "throttle", rate: REFUSED }),
          cloud.faults.add({
            service: id,
            error: { name: "InternalFailure", message: "The answer is lost", status: 500 },
            afterwards: true,
            rate: ANSWER_LOST,
          }),
        ],
  );
}

const keptBy = ({ storage }: TestCloud): number =>
  storage.names().reduce((sum, name) => sum + serialize([...storage.map(name).entries()]).length, 0) / 1e6;

let collect: (() => void) | undefined;

function heapAfterCollection(): number {
  if (!collect) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as () => void;
  }
  collect();
  return process.memoryUsage().heapUsed / 1e6;
}

/** By how much of itself the heap has grown in the second half beyond what is kept. Medians of three hours, as single ones vary. */
export function growthOf(hours: readonly Hour[]): number {
  if (hours.length < 6) return 0;
  const besides = (some: readonly Hour[]): number =>
    some.map(({ heapMegabytes, keptMegabytes }) => heapMegabytes - ROOM * keptMegabytes).toSorted((a, b) => a - b)[1] ??
    Number.NaN;
  const middle = hours.length >> 1;
  const before = besides(hours.slice(middle - 1, middle + 2));
  return besides(hours.slice(-3)) / before - 1;
}
