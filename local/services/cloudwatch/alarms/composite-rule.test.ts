import { describe, expect, it } from "vitest";
import { alarmName, parseCompositeRule } from "./composite-rule.ts";

const states: Record<string, "OK" | "ALARM" | "INSUFFICIENT_DATA"> = {
  a: "ALARM",
  "b c": "OK",
  d: "INSUFFICIENT_DATA",
};
const holds = (rule: string) => parseCompositeRule(rule).holds((name) => states[name]);

describe("a composite rule", () => {
  it.each<[string, boolean]>([
    ["ALARM(a)", true],
    ['ALARM("a")', true],
    ['OK("b c")', true],
    ["INSUFFICIENT_DATA(d)", true],
    ["ALARM(a) AND ALARM(d)", false],
    ["ALARM(d) OR ALARM(a) AND OK(a)", false],
    ["(ALARM(d) OR ALARM(a)) AND NOT OK(a)", true],
    ["NOT ALARM(d)", true],
    ["alarm(a) and true", true],
    ["FALSE", false],
    ["ALARM(unknown)", false],
  ])("%s: %s", (rule, expected) => {
    expect(holds(rule)).toBe(expected);
  });
  it.each(["", "ALARM", "ALARM(a", "ALARM(a) ALARM(a)", "ALARM(a) AND", "FIRE(a)", "()"])("is refused: %s", (rule) => {
    expect(() => parseCompositeRule(rule)).toThrow("AlarmRule must not contain syntax errors");
  });
  it("says which alarms it is about, by name or ARN", () => {
    expect(parseCompositeRule('ALARM(a) OR NOT OK("b c")').alarms).toEqual(["a", "b c"]);
    expect(alarmName("arn:aws:cloudwatch:eu-west-1:123456789012:alarm:x:y")).toBe("x:y");
  });
});
