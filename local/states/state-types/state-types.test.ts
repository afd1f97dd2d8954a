import fc from "fast-check";
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

describe("an inline Map state", () => {
  const map = (more: JsonObject, processor = pass("P")): JsonObject =>
    only({ Type: "Map", ItemProcessor: processor, ...more });

  it("keeps the order of the items", async () => {
    const delays = fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 });
    const processor = { StartAt: "W", States: { W: { Type: "Wait", SecondsPath: "$", End: true } } };
    await fc.assert(
      fc.asyncProperty(delays, fc.nat(10), async (items, concurrency) => {
        const { output } = await execute(map({ MaxConcurrency: concurrency }, processor), items);
        expect(output).toEqual(items);
      }),
      { numRuns: 20 },
    );
  });

  it("runs so many at a time as MaxConcurrency says", async () => {
    const at = async (concurrency: number) =>
      (await execute(map({ MaxConcurrency: concurrency }, wait("W", 10)), [1, 2, 3, 4, 5])).seconds;
    expect([await at(1), await at(2), await at(0)]).toEqual([50, 30, 10]);
  });

  it("gives each iteration what ItemSelector makes of it", async () => {
    const state = {
      ItemsPath: "$.list",
      ItemSelector: { "i.$": "$$.Map.Item.Index", "v.$": "$$.Map.Item.Value", "common.$": "$.common" },
      ResultPath: "$.out",
    };
    const { output } = await execute(map(state), { list: ["a", "b"], common: 7 });
    expect(output).toEqual({
      list: ["a", "b"],
      common: 7,
      out: [
        { i: 0, v: "a", common: 7 },
        { i: 1, v: "b", common: 7 },
      ],
    });
  });

  it("works in JSONata", async () => {
    const state = {
      Type: "Map",
      Items: "{% $states.input.list[$ > 1] %}",
      ItemSelector: { v: "{% $states.context.Map.Item.Value %}" },
      ItemProcessor: pass("P", { Output: "{% $states.input.v * 2 %}" }),
    };
    expect((await execute(only(state, "JSONata"), { list: [1, 2, 3] })).output).toEqual([4, 6]);
  });

  it("refuses single values where JSONata has unwrapped a list of one", async () => {
    const { failure } = await execute(
      only({ Type: "Map", Items: "{% $states.input.list[$ > 2] %}", ItemProcessor: pass("P") }, "JSONata"),
      { list: [1, 2, 3] },
    );
    expect(failure?.reason).toContain(
      "specified for the field 'Items' returned an unexpected result type. Expected 'array', but was 'number'",
    );
  });

  it("takes the former names Iterator and Parameters", async () => {
    const state = { Type: "Map", Iterator: pass("P"), Parameters: { "v.$": "$$.Map.Item.Value" } };
    expect((await execute(only(state), [1])).output).toEqual([{ v: 1 }]);
  });

  it("answers an empty list for no items", async () => {
    expect((await execute(map({}), [])).output).toEqual([]);
  });

  it("records its iterations as AWS does", async () => {
    expect(shown(await execute(map({ MaxConcurrency: 1 }), [1, 2]))).toEqual([
      "1<0 ExecutionStarted",
      "2<0 MapStateEntered",
      "3<2 MapStateStarted",
      "4<3 MapIterationStarted",
      "5<4 PassStateEntered",
      "6<5 PassStateExited",
      "7<6 MapIterationSucceeded",
      "8<6 MapIterationStarted",
      "9<8 PassStateEntered",
      "10<9 PassStateExited",
      "11<10 MapIterationSucceeded",
      "12<11 MapStateSucceeded",
      "13<11 MapStateExited",
    ]);
  });

  it("ends all iterations when one fails", async () => {
    const processor = { StartAt: "T", States: { T: { Type: "Task", Resource: "work", End: true } } };
    const task = async ({ argument }: TaskRequest, sleep: (seconds: number) => Promise<void>): Promise<Json> => {
      await sleep(argument === 2 ? 5 : 50);
      throw new StatesFailure("E", String(argument));
    };
    const result = await execute(map({}, processor), [1, 2, 3], { task });
    expect(result.failure).toMatchObject({ error: "E", reason: "2" });
    expect(result.seconds).toBe(5);
    const types = result.events.map(({ type }) => type);
    expect(types.filter((type) => type === "MapIterationAborted")).toHaveLength(2);
    expect(types.filter((type) => type === "TaskStateAborted")).toHaveLength(2);
    expect(types.at(-1)).toBe("MapStateFailed");
  });
});

describe("the outermost thread", () => {
  it("sets a checkpoint before each state, from which it can go on", async () => {
    const definition = {
      StartAt: "First",
      States: {
        First: { Type: "Pass", Result: 1, ResultPath: "$.one", Assign: { v: 5 }, Next: "Second" },
        Second: { Type: "Pass", Parameters: { "v.$": "$v", "in.$": "$" }, End: true },
      },
    };
    const whole = await execute(definition, { x: 0 });
    expect(whole.checkpoints.map(({ state }) => state)).toEqual(["First", "Second"]);
    const second = whole.checkpoints[1];
    const rest = await execute(definition, second?.input ?? null, { startAt: "Second", variables: { v: 5 } });
    expect(rest.output).toEqual(whole.output);
  });

  it("leaves no checkpoint inside a Map or Parallel", async () => {
    const { checkpoints } = await execute(only({ Type: "Map", ItemProcessor: pass("P") }), [1, 2]);
    expect(checkpoints.map(({ state }) => state)).toEqual(["Only"]);
  });
});

describe("the engine's speed", () => {
  const countdown = (language: "JSONPath" | "JSONata"): JsonObject =>
    language === "JSONPath"
      ? {
          StartAt: "A",
          States: {
            A: { Type: "Pass", Parameters: { "n.$": "States.MathAdd($.n, -1)" }, Next: "C" },
            C: { Type: "Choice", Choices: [{ Variable: "$.n", NumericGreaterThan: 0, Next: "A" }], Default: "S" },
            S: { Type: "Succeed" },
          },
        }
      : {
          QueryLanguage: "JSONata",
          StartAt: "A",
          States: {
            A: { Type: "Pass", Output: { n: "{% $states.input.n - 1 %}" }, Next: "C" },
            C: { Type: "Choice", Choices: [{ Condition: "{% $states.input.n > 0 %}", Next: "A" }], Default: "S" },
            S: { Type: "Succeed" },
          },
        };

  // A tenth of what one core does, so that a busy machine does not fail the test; a slow loop still does.
  it.each([
    ["JSONPath", 20_000],
    ["JSONata", 5_000],
  ] as const)("of %s is above %d states a second", async (language, least) => {
    await execute(countdown(language), { n: 500 });
    const started = performance.now();
    await execute(countdown(language), { n: 5_000 });
    expect(10_000 / ((performance.now() - started) / 1000)).toBeGreaterThan(least);
  });
});
