/**
 * What every app has to prove, whatever it does: that it needs each of its permissions, and that neither throttling nor a lost answer
 * of any call that it makes harms it. The app says how it is used; which permissions and calls there are is found by watching it.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Fault } from "../core/faults.ts";
import type { UnusedGrant } from "../iam/index.ts";
import { deploy } from "../testing.ts";
import { type Call, failureOfService, ownerOf, watchCalls } from "./calls.ts";
import type { LocalApp } from "./local-app.ts";

/** Drives the app once, with data of its own, and throws unless all that should be done was done. */
export type Use = (app: LocalApp, id: string) => Promise<void>;

export interface Proofs {
  readonly parameters?: Readonly<Record<string, string>>;
  /** Collects traces: what the app does for them is proved as well. */
  readonly traces?: boolean;
  /** The most telling first: a call is disturbed in the first use that makes it. A grant is missed by the shortest that needs it. */
  readonly uses: Readonly<Record<string, Use>>;
  /** Why a grant is there that no use needs, by `<role or function> <action>`: `TrackParcel xray:PutTraceSegments`. */
  readonly spare?: Readonly<Record<string, string>>;
}

interface Watched {
  readonly name: string;
  readonly use: Use;
  readonly grants: ReadonlySet<string>;
  readonly calls: ReadonlySet<string>;
  /** How many calls were made, whoever made them: about how long it takes. */
  readonly effort: number;
}

const PATIENCE_MS = 480_000;
const TIMES_THROTTLED = 3;

/** Declares the proofs of an app as tests. */
export function proofs(name: string, { parameters = {}, traces = false, uses, spare = {} }: Proofs): void {
  describe(`${name}, used and disturbed`, () => {
    let app: LocalApp;
    let all: ReadonlyMap<string, UnusedGrant>;
    /** What a service asks for when the resource is made, as Step Functions does for its logs: without it there is no deployment. */
    let deploying: ReadonlySet<string>;
    const calls = new Map<string, Call>();
    const watched: Watched[] = [];

    beforeAll(async () => {
      app = await deploy(name, { parameters, traces });
      // What deploying leaves behind, S3's test events for instance, belongs to no use.
      await app.settle();
      const unused = new Set(grantsOf(app).map((grant) => nameOf(app, grant)));
      app.cloud.iam.forgetUses();
      all = new Map(grantsOf(app).map((grant) => [nameOf(app, grant), grant]));
      deploying = new Set([...all.keys()].filter((grant) => !unused.has(grant)));
      for (const [title, use] of Object.entries(uses)) watched.push(await watch(app, title, use, all, calls));
    }, PATIENCE_MS);
    afterAll(() => app[Symbol.asyncDispose]());

    it("grants nothing that it does not use", () => {
      const used = new Set([...deploying, ...watched.flatMap(({ grants }) => [...grants])]);
      const unused = [...all.keys()].filter((grant) => !used.has(grant) && !isSpare(grant, spare));
      expect(unused).toEqual([]);
      expect(Object.keys(spare).filter((grant) => ![...all.keys()].some((known) => isGrant(known, grant)))).toEqual([]);
    });

    it("misses each of its grants when it is taken away", { timeout: PATIENCE_MS }, async () => {
      const notMissed: string[] = [];
      for (const [grant, { role, ...what }] of all) {
        const affected = watched.filter(({ grants }) => grants.has(grant)).sort((a, b) => a.effort - b.effort);
        if (affected.length === 0 || isSpare(grant, spare)) continue;
        const giveBack = app.cloud.iam.withhold(role, what);
        const isMissed = (await anyFails(app, affected)) || (await whenCold(app, () => anyFails(app, affected)));
        giveBack();
        if (!isMissed) notMissed.push(grant);
        await app.settle();
      }
      expect(notMissed).toEqual([]);
    });

    it(
      "does its work when any call is throttled, or carried out while its answer is lost",
      { timeout: PATIENCE_MS },
      async () => {
        const harm: string[] = [];
        for (const use of watched) {
          const mine = [...calls].filter(([key]) => watched.find((each) => each.calls.has(key)) === use);
          for (const round of roundsOf(mine)) {
            const borne = await borneTogether(app, use, round);
            for (const [key, call] of round) if (!borne.has(key)) harm.push(...(await harmOf(app, use, key, call)));
          }
        }
        expect(harm).toEqual([]);
      },
    );
  });
}

const disturbances = (call: Call): { readonly throttled: Fault; readonly lost: Fault } => ({
  throttled: { ...call, error: "throttle", times: TIMES_THROTTLED },
  lost: { ...call, error: failureOfService(call.service), afterwards: true, times: 1 },
});

type Named = readonly [key: string, call: Call];

/** Rounds in which each role has one call: those that are tried again by themselves can be disturbed at the same time. */
function roundsOf(calls: readonly Named[]): Named[][] {
  const byRole = [...Map.groupBy(calls, ([, { role }]) => role).values()];
  const rounds = Math.max(0, ...byRole.map(({ length }) => length));
  return Array.from({ length: rounds }, (_, round) => byRole.flatMap((ofRole) => ofRole.slice(round, round + 1)));
}

/** Disturbs all of these in one use. Answers those that were throttled and whose answer got lost, if the use bears it. */
async function borneTogether(app: LocalApp, use: Watched, round: readonly Named[]): Promise<ReadonlySet<string>> {
  const armed = round.map(([key, call]) => {
    const { throttled, lost } = disturbances(call);
    return { key, faults: [app.cloud.faults.add(throttled), app.cloud.faults.add(lost)] };
  });
  const failure = await failureOf(app, use);
  const met = armed.filter(({ faults }) => faults.every(({ hits }) => hits > 0)).map(({ key }) => key);
  for (const { faults } of armed) for (const fault of faults) fault.remove();
  await app.settle();
  return new Set(failure === undefined ? met : []);
}

/** What goes wrong with a use when one call is disturbed, told for each disturbance. */
async function harmOf(app: LocalApp, use: Watched, key: string, call: Call): Promise<string[]> {
  const { throttled, lost } = disturbances(call);
  // Both in a row may be more than a retry policy has to bear, and the second may never be met; each by itself must be, and borne.
  const harm: string[] = [];
  for (const [how, fault] of Object.entries({ throttled, lost })) {
    const failure = await failureUnder(app, use, fault);
    if (failure !== undefined) harm.push(`${key} ${how}, in "${use.name}": ${failure}`);
  }
  return harm;
}

/** What goes wrong with a use when this fault meets it. */
async function failureUnder(app: LocalApp, use: Watched, fault: Fault): Promise<string | undefined> {
  const armed = app.cloud.faults.add(fault);
  let failure = await failureOf(app, use);
  if (failure === undefined && armed.hits === 0) {
    failure = await whenCold(app, () => failureOf(app, use));
    if (armed.hits === 0) failure ??= "the call was not made again";
  }
  armed.remove();
  await app.settle();
  return failure;
}

/** Runs a use and tells which grants it needed and which calls the app's roles made. Calls that are new are added to `calls`. */
async function watch(
  app: LocalApp,
  name: string,
  use: Use,
  all: ReadonlyMap<string, UnusedGrant>,
  calls: Map<string, Call>,
): Promise<Watched> {
  const stop = watchCalls(app);
  app.cloud.iam.forgetUses();
  await use(app, nextId());
  await app.settle();
  const { calls: made, effort } = stop();
  for (const [key, call] of made) calls.set(key, call);
  const unused = new Set(app.cloud.iam.unusedGrants().map((grant) => nameOf(app, grant)));
  return {
    name,
    use,
    calls: new Set(made.keys()),
    grants: new Set([...all.keys()].filter((grant) => !unused.has(grant))),
    effort,
  };
}

/** What the template itself grants and was not used so far: managed policies are AWS's. */
const grantsOf = (app: LocalApp): readonly UnusedGrant[] =>
  app.cloud.iam.unusedGrants().filter(({ policy }) => !policy.includes(":aws:policy/"));

const nameOf = (app: LocalApp, { role, statement, action }: UnusedGrant): string =>
  `${ownerOf(app, role)} ${statement} ${action}`;

/** `TrackParcel ReadScans dynamodb:query` is known as `TrackParcel dynamodb:Query`. */
function isGrant(grant: string, name: string): boolean {
  const [role, , action] = grant.split(" ");
  return `${role} ${action}`.toLowerCase() === name.toLowerCase();
}

const isSpare = (grant: string, spare: Readonly<Record<string, string>>): boolean =>
  Object.keys(spare).some((name) => isGrant(grant, name));

async function failureOf(app: LocalApp, { use }: Watched): Promise<string | undefined> {
  try {
    await use(app, nextId());
    return undefined;
  } catch (error) {
    return error instanceof Error ? `${error.name}: ${error.message.slice(0, 600)}` : String(error);
  }
}

async function anyFails(app: LocalApp, uses: readonly Watched[]): Promise<boolean> {
  for (const use of uses) if ((await failureOf(app, use)) !== undefined) return true;
  return false;
}

/** Repeats work after an hour, when caches have expired and functions start anew. */
async function whenCold<T>(app: LocalApp, work: () => Promise<T>): Promise<T> {
  await app.advance(3_600);
  return work();
}

let last = 0;
const nextId = (): string => `use${++last}`;
