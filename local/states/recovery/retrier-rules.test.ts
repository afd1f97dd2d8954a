/** Rules of Retry and Catch that are easily got wrong: "Handling errors in Step Functions workflows", and the Amazon States Language. */
import { describe, expect, it } from "vitest";
import { execute } from "../execute-for-test.ts";
import { DefinitionError, StatesFailure } from "../failure.ts";
import type { Json, JsonObject } from "../json.ts";
import { compileMachine } from "../machine.ts";

const task = (more: JsonObject): JsonObject => ({
  StartAt: "Work",
  States: { Work: { Type: "Task", Resource: "work", End: true, ...more }, Rescue: { Type: "Pass", End: true } },
});

/** Fails with these errors one after the other, then succeeds; tells how often it was called. */
function failing(...errors: readonly string[]) {
  const world = {
    calls: 0,
    task: (): Json => {
      const error = errors[world.calls++];
      if (error !== undefined) throw new StatesFailure(error, "why");
      return "done";
    },
  };
  return world;
}
const always = (error: string) => failing(...Array.from({ length: 50 }, () => error));

describe("the arithmetic of retries", () => {
  it.each<[string, JsonObject, number | undefined, number, number]>([
    ["nothing said: 1 s, doubled, three times", {}, undefined, 4, 1 + 2 + 4],
    ["MaxAttempts 0 never tries again", { MaxAttempts: 0 }, undefined, 1, 0],
    ["MaxAttempts counts retries, not calls", { MaxAttempts: 1 }, undefined, 2, 1],
    ["BackoffRate 1 keeps the interval", { IntervalSeconds: 5, BackoffRate: 1 }, undefined, 4, 15],
    ["BackoffRate may be a fraction", { IntervalSeconds: 4, BackoffRate: 1.5 }, undefined, 4, 4 + 6 + 9],
    ["MaxDelaySeconds caps", { IntervalSeconds: 3, MaxDelaySeconds: 5 }, undefined, 4, 3 + 5 + 5],
    ["JitterStrategy NONE is the default", { JitterStrategy: "NONE" }, 0.9, 4, 7],
    ["JitterStrategy FULL takes a share", { JitterStrategy: "FULL" }, 0.5, 4, 3.5],
    ["JitterStrategy FULL may be no delay at all", { JitterStrategy: "FULL" }, 0, 4, 0],
    [
      "the cap comes before the jitter",
      { IntervalSeconds: 8, MaxDelaySeconds: 10, JitterStrategy: "FULL" },
      0.5,
      4,
      14,
    ],
  ])("%s", async (_name, more, random, calls, seconds) => {
    const world = always("Broken");
    const definition = task({ Retry: [{ ErrorEquals: ["Broken"], ...more }] });
    const ended = await execute(definition, {}, { ...world, ...(random !== undefined && { random: () => random }) });
    expect([world.calls, ended.seconds]).toEqual([calls, seconds]);
    expect(ended.failure?.error).toBe("Broken");
  });

  it("begins anew whenever the state is entered again", async () => {
    const world = failing("Broken", "", "Broken");
    const definition = {
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "work",
          Retry: [{ ErrorEquals: ["Broken"], MaxAttempts: 1, IntervalSeconds: 3 }],
          Catch: [{ ErrorEquals: [""], Next: "Again" }],
          End: true,
        },
        Again: { Type: "Pass", Next: "Work" },
      },
    };
    const { output, seconds } = await execute(definition, {}, world);
    expect([output, seconds, world.calls]).toEqual(["done", 6, 4]);
  });

  it("is kept apart for each retrier", async () => {
    const world = failing("A", "B", "A", "B", "A");
    const retry = (name: string, IntervalSeconds: number) => ({
      ErrorEquals: [name],
      IntervalSeconds,
      BackoffRate: 10,
      MaxAttempts: 2,
    });
    const { failure, seconds } = await execute(task({ Retry: [retry("A", 1), retry("B", 2)] }), {}, world);
    expect([failure?.error, seconds, world.calls]).toEqual(["A", 1 + 2 + 10 + 20, 5]);
  });

  it("does not go on to a later retrier when the first that matches is used up", async () => {
    const world = always("A");
    const Retry = [
      { ErrorEquals: ["A"], MaxAttempts: 1 },
      { ErrorEquals: ["States.ALL"], MaxAttempts: 5 },
    ];
    await execute(task({ Retry }), {}, world);
    expect(world.calls).toBe(2);
  });
});

describe("which retrier and catcher is meant", () => {
  it("retries until it is used up before anything is caught", async () => {
    const world = always("Broken");
    const { output } = await execute(
      task({
        Retry: [{ ErrorEquals: ["Broken"], MaxAttempts: 2 }],
        Catch: [{ ErrorEquals: ["Broken"], Next: "Rescue" }],
      }),
      {},
      world,
    );
    expect([output, world.calls]).toEqual([{ Error: "Broken", Cause: "why" }, 3]);
  });

  it("is the first that matches", async () => {
    const Catch = [
      { ErrorEquals: ["Other", "Broken"], Next: "Rescue", ResultPath: "$.first" },
      { ErrorEquals: ["States.ALL"], Next: "Rescue", ResultPath: "$.second" },
    ];
    const { output } = await execute(task({ Catch }), {}, always("Broken"));
    expect(Object.keys(output as JsonObject)).toEqual(["first"]);
  });

  it.each<[string, JsonObject, boolean]>([
    ["States.TaskFailed does not catch States.Timeout", { ErrorEquals: ["States.TaskFailed"] }, false],
    ["States.Timeout does", { ErrorEquals: ["States.Timeout"] }, true],
    ["States.ALL does", { ErrorEquals: ["States.ALL"] }, true],
    ["States.HeartbeatTimeout is another one", { ErrorEquals: ["States.HeartbeatTimeout"] }, false],
  ])("of a task that takes too long: %s", async (_name, more, isCaught) => {
    const definition = task({ TimeoutSeconds: 5, Catch: [{ Next: "Rescue", ...more }] });
    const { failure } = await execute(definition, {}, { task: () => new Promise<Json>(() => undefined) });
    expect(failure?.error).toBe(isCaught ? undefined : "States.Timeout");
  });

  it("gives each attempt the whole of TimeoutSeconds", async () => {
    const Retry = [{ ErrorEquals: ["States.Timeout"], MaxAttempts: 2, IntervalSeconds: 1, BackoffRate: 1 }];
    const never = () => new Promise<Json>(() => undefined);
    expect((await execute(task({ TimeoutSeconds: 5, Retry }), {}, { task: never })).seconds).toBe(5 + 1 + 5 + 1 + 5);
  });
});

describe("a definition is refused", () => {
  it.each<[string, JsonObject]>([
    ["with States.ALL beside another name", { Retry: [{ ErrorEquals: ["States.ALL", "A"] }] }],
    ["with a retrier behind States.ALL", { Retry: [{ ErrorEquals: ["States.ALL"] }, { ErrorEquals: ["A"] }] }],
    [
      "with a catcher behind States.ALL",
      {
        Catch: [
          { ErrorEquals: ["States.ALL"], Next: "Rescue" },
          { ErrorEquals: ["A"], Next: "Rescue" },
        ],
      },
    ],
    ["with no names", { Retry: [{ ErrorEquals: [] }] }],
    ["with an interval of nothing", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 0 }] }],
    ["with an interval of a fraction", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 1.5 }] }],
    ["with a rate below 1", { Retry: [{ ErrorEquals: ["A"], BackoffRate: 0.5 }] }],
    ["with a negative number of attempts", { Retry: [{ ErrorEquals: ["A"], MaxAttempts: -1 }] }],
    ["with a cap below the interval", { Retry: [{ ErrorEquals: ["A"], IntervalSeconds: 5, MaxDelaySeconds: 4 }] }],
    ["with a cap of more than a year", { Retry: [{ ErrorEquals: ["A"], MaxDelaySeconds: 31_622_400 }] }],
    ["with an unknown jitter", { Retry: [{ ErrorEquals: ["A"], JitterStrategy: "HALF" }] }],
  ])("%s", (_name, more) => {
    expect(() => compileMachine(task(more))).toThrow(DefinitionError);
  });
});
