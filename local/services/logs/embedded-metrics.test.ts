import { describe, expect, it } from "vitest";
import { embeddedMetrics } from "./embedded-metrics.ts";

const line = (rest: Record<string, unknown>, directive: Record<string, unknown> = {}) =>
  JSON.stringify({
    _aws: {
      Timestamp: 1000,
      CloudWatchMetrics: [
        {
          Namespace: "App",
          Dimensions: [["service"]],
          Metrics: [{ Name: "latency", Unit: "Milliseconds" }],
          ...directive,
        },
      ],
    },
    service: "diff",
    ...rest,
  });
const datum = {
  MetricName: "latency",
  Dimensions: [{ Name: "service", Value: "diff" }],
  Timestamp: new Date(1000),
  Values: [12],
  Unit: "Milliseconds",
};

describe("an embedded metric", () => {
  it("is read with its dimensions, unit and time", () => {
    expect(embeddedMetrics(line({ latency: 12 }), 5)).toEqual([{ namespace: "App", data: [datum] }]);
  });
  it("may be a list of values", () => {
    expect(embeddedMetrics(line({ latency: [1, 2, 2] }), 5)[0]?.data).toEqual([{ ...datum, Values: [1, 2, 2] }]);
  });
  it("counts once for each set of dimensions", () => {
    const message = line({ latency: 12, stage: "prod" }, { Dimensions: [[], ["service"], ["service", "stage"]] });
    expect(embeddedMetrics(message, 5)[0]?.data.map(({ Dimensions }) => Dimensions?.length)).toEqual([0, 1, 2]);
  });
  it("has no dimensions when none are written", () => {
    expect(embeddedMetrics(line({ latency: 12 }, { Dimensions: undefined }), 5)[0]?.data[0]?.Dimensions).toEqual([]);
  });
  it("takes the event's time when it has none", () => {
    const message = JSON.stringify({
      _aws: { CloudWatchMetrics: [{ Namespace: "A", Metrics: [{ Name: "n" }] }] },
      n: 1,
    });
    expect(embeddedMetrics(message, 77)[0]?.data[0]?.Timestamp).toEqual(new Date(77));
  });
  it.each([
    ["no value", line({})],
    ["a value that is no number", line({ latency: "12" })],
    ["more than a hundred values", line({ latency: Array.from({ length: 101 }, () => 1) })],
    ["a dimension that is absent", line({ latency: 1 }, { Dimensions: [["absent"]] })],
    ["a dimension of the prototype", line({ latency: 1 }, { Dimensions: [["toString"]] })],
    ["no namespace", line({ latency: 1 }, { Namespace: undefined })],
    ["metrics that are no list", line({ latency: 1 }, { Metrics: {} })],
    ["broken JSON", '{"_aws": {'],
    ["no JSON", 'say "_aws"'],
    ["no directives", '{"_aws": {"CloudWatchMetrics": 1}}'],
    ["odd directives", '{"_aws": {"CloudWatchMetrics": [null, 1, {"Namespace": "x", "Metrics": [null]}]}}'],
  ])("with %s gives nothing", (_, message) => {
    expect(embeddedMetrics(message, 5)).toEqual([]);
  });
});
