import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { execute } from "../execute-for-test.ts";
import { StatesFailure } from "../failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { matchesError } from "./matching.ts";
import { delaySeconds, nextDelaySeconds, type Retrier } from "./retry.ts";

const retrier = (over: Partial<Retrier> = {}): Retrier => ({
  errorEquals: ["States.ALL"],
  intervalSeconds: 1,
  maxAttempts: 3,
  backoffRate: 2,
  maxDelaySeconds: Infinity,
  fullJitter: false,
  ...over,
});
const anyRetrier = fc.record({
  errorEquals: fc.constant(["States.ALL"]),
  intervalSeconds: fc.integer({ min: 1, max: 1000 }),
  maxAttempts: fc.integer({ min: 0, max: 20 }),
  backoffRate: fc.double({ min: 1, max: 10, noNaN: true }),
  maxDelaySeconds: fc.option(fc.integer({ min: 1, max: 31_622_400 }), { nil: Infinity }),
  fullJitter: fc.boolean(),
});
const failure = (error: string): StatesFailure => new StatesFailure(error, "why");

describe("the delay before a retry", () => {
  it("is the interval, then grows by the rate, up to the cap", () => {
    expect(
      [0, 1, 2, 3, 4].map((used) => delaySeconds(retrier({ intervalSeconds: 3, maxDelaySeconds: 20 }), used)),
    ).toEqual([3, 6, 12, 20, 20]);
  });

  it("never shrinks, never passes the cap, and starts at the interval", () => {
    fc.assert(
      fc.property(anyRetrier, fc.nat(30), (rule, used) => {
        expect(delaySeconds(rule, 0)).toBe(Math.min(rule.intervalSeconds, rule.maxDelaySeconds));
        expect(delaySeconds(rule, used + 1)).toBeGreaterThanOrEqual(delaySeconds(rule, used));
        expect(delaySeconds(rule, used)).toBeLessThanOrEqual(rule.maxDelaySeconds);
        expect(Number.isFinite(delaySeconds(rule, used))).toBe(true);
      }),
    );
  });

  it("is anything from nothing to the whole with full jitter", () => {
    fc.assert(
      fc.property(anyRetrier, fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (rule, draw) => {
        const delay =
          nextDelaySeconds([{ ...rule, maxAttempts: 1, fullJitter: true }], failure("E"), [], () => draw) ?? -1;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(delaySeconds(rule, 0));
        expect(delay).toBeCloseTo(delaySeconds(rule, 0) * draw, 6);
      }),
    );
  });

  it("is given exactly MaxAttempts times", () => {
    fc.assert(
      fc.property(anyRetrier, (rule) => {
        const counts: number[] = [];
        let attempts = 0;
        while (nextDelaySeconds([rule], failure("E"), counts, () => 0.5) !== undefined) attempts++;
        expect(attempts).toBe(rule.maxAttempts);
      }),
    );
  });

  it("counts each retrier for itself; the first that matches decides, even when used up", () => {
    const rules = [retrier({ errorEquals: ["A"], maxAttempts: 1 }), retrier({ intervalSeconds: 9, maxAttempts: 1 })];
    const counts: number[] = [];
    const next = (error: string): number | undefined => nextDelaySeconds(rules, failure(error), counts, () => 0);
    expect([next("A"), next("B"), next("A"), next("B")]).toEqual([1, 9, undefined, undefined]);
  });
});

describe("a name in ErrorEquals", () => {
  it.each<[string, string, boolean]>([
    ["Custom", "Custom", true],
    ["Custom", "Other", false],
    ["States.ALL", "Custom", true],
    ["States.ALL", "States.Timeout", true],
    ["States.ALL", "States.DataLimitExceeded", false],
    ["States.ALL", "States.Runtime", false],
    ["States.DataLimitExceeded", "States.DataLimitExceeded", true],
    ["States.Runtime", "States.Runtime", false],
    ["States.TaskFailed", "Lambda.Unknown", true],
    ["States.TaskFailed", "States.Timeout", false],
    ["States.TaskFailed", "States.DataLimitExceeded", false],
    ["States.HeartbeatTimeout", "States.Timeout", false],
  ])("%s stands for %s: %j", (name, error, result) => {
    expect(matchesError([name], { error, alsoKnownAs: [] })).toBe(result);
  });

  it("stands for a missed heartbeat as States.HeartbeatTimeout and as States.Timeout", () => {
    const missed = { error: "States.Timeout", alsoKnownAs: ["States.HeartbeatTimeout"] };
    expect(matchesError(["States.HeartbeatTimeout"], missed)).toBe(true);
    expect(matchesError(["States.Timeout"], missed)).toBe(true);
    expect(matchesError(["States.TaskFailed"], missed)).toBe(false);
  });
});

describe("a task that fails", () => {
  const machine = (task: JsonObject): JsonObject => ({
    StartAt: "Work",
    States: { Work: { Type: "Task", Resource: "work", End: true, ...task }, Rescue: { Type: "Pass", End: true } },
  });
  const failing = (times: number, error = "Broken") => {
    let calls = 0;
    return (): Json => {
      if (calls++ < times) throw failure(error);
      return { calls };
    };
  };

  it("is tried again after the delays of its retrier", async () => {
    const retry = [{ ErrorEquals: ["Broken"], IntervalSeconds: 5, BackoffRate: 3, MaxAttempts: 4 }];
    const { output, seconds } = await execute(machine({ Retry: retry }), {}, { task: failing(3) });
    expect(output).toEqual({ calls: 4 });
    expect(seconds).toBe(5 + 15 + 45);
  });

  it("shows its attempts in the Context object", async () => {
    const seen: unknown[] = [];
    const retry = [{ ErrorEquals: ["States.ALL"], MaxAttempts: 2 }];
    const definition = machine({ Retry: retry, Parameters: { "attempt.$": "$$.State.RetryCount" } });
    await execute(
      definition,
      {},
      {
        task: ({ argument }) => {
          seen.push(argument);
          throw failure("Broken");
        },
      },
    );
    expect(seen).toEqual([{ attempt: 0 }, { attempt: 1 }, { attempt: 2 }]);
  });

  it("goes to its Catch with the error put beside the input", async () => {
    const { output } = await execute(
      machine({ Catch: [{ ErrorEquals: ["Broken"], Next: "Rescue", ResultPath: "$.problem" }] }),
      { id: 7 },
      { task: failing(1) },
    );
    expect(output).toEqual({ id: 7, problem: { Error: "Broken", Cause: "why" } });
  });

  it("keeps its input alone when the Catch says ResultPath null, and only the error when it says nothing", async () => {
    const caught = (more: JsonObject) =>
      execute(
        machine({ Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue", ...more }] }),
        { id: 7 },
        { task: failing(1) },
      );
    expect((await caught({ ResultPath: null })).output).toEqual({ id: 7 });
    expect((await caught({})).output).toEqual({ Error: "Broken", Cause: "why" });
  });

  it("fails the machine when no Catch matches", async () => {
    const result = await execute(
      machine({ Catch: [{ ErrorEquals: ["Other"], Next: "Rescue" }] }),
      {},
      { task: failing(1) },
    );
    expect(result.failure).toMatchObject({ error: "Broken", reason: "why" });
  });

  it("assigns variables from the error", async () => {
    const definition = {
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "work",
          End: true,
          Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue", Assign: { "why.$": "$.Cause" } }],
        },
        Rescue: { Type: "Pass", Parameters: { "why.$": "$why" }, End: true },
      },
    };
    expect((await execute(definition, {}, { task: failing(1) })).output).toEqual({ why: "why" });
  });

  it("shows the error to JSONata as $states.errorOutput", async () => {
    const definition = {
      QueryLanguage: "JSONata",
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "work",
          End: true,
          Catch: [
            {
              ErrorEquals: ["States.ALL"],
              Next: "Rescue",
              Output: "{% {'id': $states.input.id, 'error': $states.errorOutput.Error} %}",
            },
          ],
        },
        Rescue: { Type: "Pass", End: true },
      },
    };
    expect((await execute(definition, { id: 7 }, { task: failing(1) })).output).toEqual({ id: 7, error: "Broken" });
  });

  it("is not rescued from States.Runtime", async () => {
    const definition = machine({
      Parameters: { "x.$": "$.missing" },
      Retry: [{ ErrorEquals: ["States.ALL"] }],
      Catch: [{ ErrorEquals: ["States.ALL"], Next: "Rescue" }],
    });
    const { failure: end, seconds } = await execute(definition, {});
    expect(end?.error).toBe("States.Runtime");
    expect(seconds).toBe(0);
  });
});
