import { describe, expect, it } from "vitest";
import { execute, only, type Executed } from "../execute-for-test.ts";
import { StatesFailure } from "../failure.ts";
import type { TaskRequest } from "../host.ts";
import type { Json, JsonObject } from "../json.ts";

const shown = ({ events }: Executed): string[] =>
  events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
const pass = (name: string, more: JsonObject = {}): JsonObject => ({
  StartAt: name,
  States: { [name]: { Type: "Pass", End: true, ...more } },
});
const wait = (name: string, seconds: number): JsonObject => ({
  StartAt: name,
  States: { [name]: { Type: "Wait", Seconds: seconds, End: true } },
});

describe("a Wait state", () => {
  it.each<[JsonObject, Json, number]>([
    [{ Seconds: 300 }, {}, 300],
    [{ SecondsPath: "$.s" }, { s: 7 }, 7],
    [{ Seconds: 0 }, {}, 0],
    [{ Timestamp: "2026-01-02T03:05:05.678Z" }, {}, 60],
    [{ TimestampPath: "$.t" }, { t: "2026-01-02T04:04:06.678+01:00" }, 1],
    [{ Timestamp: "2020-01-01T00:00:00Z" }, {}, 0],
  ])("%j waits, with %j, %d seconds", async (state, input, seconds) => {
    const result = await execute(only({ Type: "Wait", ...state }), input);
    expect(result.output).toEqual(input);
    expect(result.seconds).toBe(seconds);
  });

  it.each<[JsonObject, Json, string]>([
    [{ SecondsPath: "$.s" }, {}, "The SecondsPath parameter does not reference an input value: $.s"],
    [{ SecondsPath: "$.s" }, { s: "7" }, "must reference a value of type number"],
    [{ SecondsPath: "$.s" }, { s: -1 }, "must be an integer from 0"],
    [{ TimestampPath: "$.t" }, { t: "soon" }, "is not a valid ISO 8601 timestamp"],
  ])("%j fails with %j: %s", async (state, input, message) => {
    const { failure } = await execute(only({ Type: "Wait", ...state }), input);
    expect(failure?.error).toBe("States.Runtime");
    expect(failure?.reason).toContain(message);
  });
});

describe("a Fail state", () => {
  it.each<[JsonObject, "JSONata" | undefined]>([
    [{ Error: "E", Cause: "because" }, undefined],
    [{ ErrorPath: "$.e", CausePath: "$.c" }, undefined],
    [{ Error: "E", CausePath: "States.Format('be{}', 'cause')" }, undefined],
    [{ Error: "{% $states.input.e %}", Cause: "{% $states.input.c %}" }, "JSONata"],
  ])("%j ends the machine with its error and cause", async (state, language) => {
    const { failure } = await execute(only({ Type: "Fail", ...state }, language), { e: "E", c: "because" });
    expect(failure).toMatchObject({ error: "E", reason: "because" });
  });

  it("needs neither", async () => {
    const { failure } = await execute(only({ Type: "Fail" }));
    expect(failure).toMatchObject({ error: undefined, reason: undefined });
  });
});

describe("a Task state", () => {
  const never = (): Promise<Json> => new Promise(() => undefined);

  it("is ended by its time limit", async () => {
    for (const limit of [{ TimeoutSeconds: 5 }, { TimeoutSecondsPath: "$.limit" }]) {
      const { failure, seconds } = await execute(
        only({ Type: "Task", Resource: "work", ...limit }),
        { limit: 5 },
        { task: never },
      );
      expect(failure).toMatchObject({ error: "States.Timeout", reason: undefined });
      expect(seconds).toBe(5);
    }
  });

  it("is ended when no heartbeat comes in time, and lives as long as they come", async () => {
    const state = only({ Type: "Task", Resource: "work", HeartbeatSeconds: 10, TimeoutSeconds: 600 });
    const beating = async ({ heartbeat }: TaskRequest, sleep: (seconds: number) => Promise<void>): Promise<Json> => {
      for (let beat = 0; beat < 3; beat++) {
        await sleep(9);
        heartbeat();
      }
      return never();
    };
    const { failure, seconds } = await execute(state, {}, { task: beating });
    expect(failure?.alsoKnownAs).toEqual(["States.HeartbeatTimeout"]);
    expect(seconds).toBe(37);
  });

  it("is given a token where it waits for one, a new one for each attempt", async () => {
    const tokens: unknown[] = [];
    const state = {
      Type: "Task",
      Resource: "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
      Parameters: { "token.$": "$$.Task.Token" },
      Retry: [{ ErrorEquals: ["States.ALL"], MaxAttempts: 1 }],
    };
    await execute(
      only(state),
      {},
      {
        task: ({ argument, taskToken }) => {
          tokens.push(argument, { token: taskToken ?? null });
          throw new StatesFailure("E", "");
        },
      },
    );
    expect(tokens[0]).toEqual(tokens[1]);
    expect(tokens[2]).toEqual(tokens[3]);
    expect(tokens[0]).not.toEqual(tokens[2]);
  });

  it("fails with States.DataLimitExceeded when its output is larger than 256 KiB", async () => {
    const big = (length: number) =>
      execute(only({ Type: "Task", Resource: "work" }), {}, { task: () => "ø".repeat(length) });
    expect((await big(131_071)).failure).toBeUndefined();
    expect((await big(131_072)).failure?.error).toBe("States.DataLimitExceeded");
  });
});

describe("a Parallel state", () => {
  it("runs its branches at the same time and answers their outputs in order", async () => {
    const { output, seconds } = await execute(
      only({ Type: "Parallel", Branches: [wait("A", 20), wait("B", 10), pass("C", { Result: 3 })] }),
      { x: 1 },
    );
    expect(output).toEqual([{ x: 1 }, { x: 1 }, 3]);
    expect(seconds).toBe(20);
  });

  it("ends the other branches when one fails", async () => {
    const fail = { StartAt: "F", States: { F: { Type: "Fail", Error: "E", Cause: "c" } } };
    const result = await execute(only({ Type: "Parallel", Branches: [wait("A", 500), fail] }));
    expect(result.failure).toMatchObject({ error: "E", reason: "c" });
    expect(result.seconds).toBe(0);
    expect(shown(result)).toEqual([
      "1<0 ExecutionStarted",
      "2<0 ParallelStateEntered",
      "3<2 ParallelStateStarted",
      "4<3 WaitStateEntered",
      "5<3 FailStateEntered",
      "6<4 WaitStateAborted",
      expect.stringContaining("ParallelStateFailed"),
    ]);
  });

  it("is tried again as a whole", async () => {
    let calls = 0;
    const branch = { StartAt: "T", States: { T: { Type: "Task", Resource: "work", End: true } } };
    const state = {
      Type: "Parallel",
      Branches: [branch, branch].map((one, index) => (index === 0 ? one : wait("W", 1))),
      Retry: [{ ErrorEquals: ["E"], IntervalSeconds: 4 }],
    };
    const task = (): Json => {
      if (calls++ === 0) throw new StatesFailure("E", "");
      return calls;
    };
    const { output, seconds } = await execute(only(state), {}, { task });
    expect(output).toEqual([2, {}]);
    expect(seconds).toBe(5);
  });
});
