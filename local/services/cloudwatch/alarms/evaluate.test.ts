import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluate, type MissingData, reasonOf, type Rule, type State } from "./evaluate.ts";

const rule = (rest: Partial<Rule> = {}): Rule => ({
  evaluationPeriods: 3,
  datapointsToAlarm: 3,
  threshold: 1,
  comparison: "GreaterThanOrEqualToThreshold",
  missingData: "missing",
  ...rest,
});
/** `0` a good value, `X` a breaching one, `-` none; oldest first. */
const values = (picture: string) => picture.split(" ").map((mark) => (mark === "-" ? undefined : mark === "X" ? 5 : 0));

describe("three of three data points (the table of the CloudWatch user guide)", () => {
  it.each<[string, Record<MissingData, State | undefined>]>([
    ["0 - X - X", { missing: "OK", ignore: "OK", breaching: "OK", notBreaching: "OK" }],
    ["0 - - - -", { missing: "OK", ignore: "OK", breaching: "OK", notBreaching: "OK" }],
    ["- - - - -", { missing: "INSUFFICIENT_DATA", ignore: undefined, breaching: "ALARM", notBreaching: "OK" }],
    ["0 X X - X", { missing: "ALARM", ignore: "ALARM", breaching: "ALARM", notBreaching: "ALARM" }],
    ["- - X - -", { missing: "ALARM", ignore: undefined, breaching: "ALARM", notBreaching: "OK" }],
  ])("%s", (picture, expected) => {
    for (const missingData of ["missing", "ignore", "breaching", "notBreaching"] as const) {
      // The first and fourth row have enough real data when the range is seen as AWS sees it.
      const verdict = evaluate(values(picture), rule({ missingData }));
      expect([missingData, verdict.state]).toEqual([missingData, expected[missingData]]);
    }
  });
});

describe("two of three data points", () => {
  it.each<[string, Record<MissingData, State | undefined>]>([
    ["0 0 X 0 X", { missing: "ALARM", ignore: "ALARM", breaching: "ALARM", notBreaching: "ALARM" }],
    ["0 - X - -", { missing: "OK", ignore: "OK", breaching: "ALARM", notBreaching: "OK" }],
    ["- - - - X", { missing: "ALARM", ignore: undefined, breaching: "ALARM", notBreaching: "OK" }],
  ])("%s", (picture, expected) => {
    for (const missingData of ["missing", "ignore", "breaching", "notBreaching"] as const) {
      const verdict = evaluate(values(picture), rule({ missingData, datapointsToAlarm: 2 }));
      expect([missingData, verdict.state]).toEqual([missingData, expected[missingData]]);
    }
  });
});

describe("a threshold", () => {
  it.each<[Rule["comparison"], number, State]>([
    ["GreaterThanThreshold", 1, "OK"],
    ["GreaterThanThreshold", 1.1, "ALARM"],
    ["GreaterThanOrEqualToThreshold", 1, "ALARM"],
    ["LessThanThreshold", 1, "OK"],
    ["LessThanThreshold", 0.9, "ALARM"],
    ["LessThanOrEqualToThreshold", 1, "ALARM"],
  ])("%s with %d: %s", (comparison, value, state) => {
    expect(
      evaluate([undefined, undefined, value], rule({ evaluationPeriods: 1, datapointsToAlarm: 1, comparison })).state,
    ).toBe(state);
  });
});

it("with all data there, what missing data is treated as changes nothing", () => {
  const treatments = fc.constantFrom<MissingData>("missing", "ignore", "breaching", "notBreaching");
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 }), { minLength: 5, maxLength: 5 }),
      treatments,
      treatments,
      fc.integer({ min: 1, max: 3 }),
      (data, a, b, datapointsToAlarm) => {
        expect(evaluate(data, rule({ missingData: a, datapointsToAlarm })).state).toBe(
          evaluate(data, rule({ missingData: b, datapointsToAlarm })).state,
        );
      },
    ),
  );
});

describe("the reason", () => {
  const starts = [Date.UTC(2026, 0, 2, 3, 4), Date.UTC(2026, 0, 2, 3, 3), Date.UTC(2026, 0, 2, 3, 2)];
  it("names the values, their times and the threshold", () => {
    const one = rule({ evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect(reasonOf(evaluate([undefined, undefined, 5], one), one, starts)).toBe(
      "Threshold Crossed: 1 out of the last 1 datapoint [5.0 (02/01/26 03:04:00)] was greater than or equal to the threshold (1.0) (minimum 1 datapoint for OK -> ALARM transition).",
    );
    expect(reasonOf(evaluate([undefined, undefined, 0], one), one, starts)).toBe(
      "Threshold Crossed: 1 datapoint [0.0 (02/01/26 03:04:00)] was not greater than or equal to the threshold (1.0).",
    );
  });
  it("says that nothing came", () => {
    const one = rule({ evaluationPeriods: 1, datapointsToAlarm: 1 });
    expect(reasonOf(evaluate([undefined], one), one, starts)).toBe("Insufficient Data: 1 datapoint was unknown.");
    const kind = rule({ evaluationPeriods: 1, datapointsToAlarm: 1, missingData: "notBreaching" });
    expect(reasonOf(evaluate([undefined], kind), kind, starts)).toBe(
      "Threshold Crossed: no datapoints were received for 1 period and 1 datapoint was treated as [NonBreaching].",
    );
  });
});
