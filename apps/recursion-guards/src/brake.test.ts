import { describe, expect, it } from "vitest";
import { Alarm, functionsIn } from "./alarm.ts";
import { functionsOf, waysWith } from "./ways.ts";

const alarm = (trigger: object) => Alarm.parse({ AlarmName: "a", NewStateValue: "ALARM", Trigger: trigger });

describe("an alarm", () => {
  it("on one metric names its function", () => {
    expect(functionsIn(alarm({ Dimensions: [{ name: "FunctionName", value: "f" }] }))).toEqual(["f"]);
  });

  it("on an expression names the functions of its metrics", () => {
    const metric = (dimension: object) => ({ Id: "m", MetricStat: { Metric: { Dimensions: [dimension] } } });
    const Metrics = [
      { Id: "all", Expression: "MAX(METRICS())" },
      metric({ name: "FunctionName", value: "f" }),
      metric({ Name: "FunctionName", Value: "g" }),
      metric({ name: "QueueName", value: "q" }),
    ];
    expect(functionsIn(alarm({ Metrics }))).toEqual(["f", "g"]);
  });
});

describe("the functions of the ways", () => {
  const functions = functionsOf("prefix=a,ledger=b,ledger=c");

  it("are read from one text", () => {
    expect([...functions]).toEqual([
      ["prefix", ["a"]],
      ["ledger", ["b", "c"]],
    ]);
  });

  it("lead back to their ways, each once", () => {
    expect(waysWith(functions, ["c", "b", "x"])).toEqual(["ledger"]);
    expect(waysWith(functions, ["x"])).toEqual([]);
  });

  it.each(["", "prefix", "prefix=", "sideways=a"])("are refused when they are %j", (text) => {
    expect(() => functionsOf(text)).toThrow("WAYS");
  });
});
