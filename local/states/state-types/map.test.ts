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
