import { describe, expect, it } from "vitest";
import { parseSchedule } from "./expression.ts";

const START = Date.parse("2030-01-07T12:00:00Z");
const after = (expression: string, from: string, timezone?: string) => {
  const next = parseSchedule(expression, START, timezone)?.next(Date.parse(from));
  return next === undefined ? undefined : new Date(next).toISOString();
};

describe("a rate", () => {
  it.each([
    ["rate(5 minutes)", "2030-01-07T12:00:00Z", "2030-01-07T12:05:00.000Z"],
    ["rate(5 minutes)", "2030-01-07T12:07:00Z", "2030-01-07T12:10:00.000Z"],
    ["rate(1 hour)", "2030-01-07T12:59:59Z", "2030-01-07T13:00:00.000Z"],
    ["rate(7 days)", "2030-01-14T12:00:00Z", "2030-01-21T12:00:00.000Z"],
  ])("%s after %s is %s", (expression, from, expected) => expect(after(expression, from)).toBe(expected));

  it.each([
    "rate(1 minutes)",
    "rate(5 minute)",
    "rate(0 minutes)",
    "rate(-1 day)",
    "rate(1 week)",
    "rate(5minutes)",
    "5 minutes",
  ])("%s is refused", (expression) => expect(parseSchedule(expression, START)).toBeUndefined());
});

describe("a cron expression", () => {
  it.each([
    ["cron(0 10 * * ? *)", "2030-01-07T12:00:00Z", "2030-01-08T10:00:00.000Z"],
    ["cron(15 12 * * ? *)", "2030-01-07T12:15:00Z", "2030-01-08T12:15:00.000Z"],
    ["cron(0 8 1 * ? *)", "2030-01-07T12:00:00Z", "2030-02-01T08:00:00.000Z"],
    ["cron(0/10 * ? * MON-FRI *)", "2030-01-12T00:00:00Z", "2030-01-14T00:00:00.000Z"],
    ["cron(0 0 29 2 ? *)", "2030-01-07T12:00:00Z", "2032-02-29T00:00:00.000Z"],
    ["cron(0 9 ? * 2#1 *)", "2030-01-08T00:00:00Z", "2030-02-04T09:00:00.000Z"],
    ["cron(0 18 L * ? *)", "2030-02-01T00:00:00Z", "2030-02-28T18:00:00.000Z"],
  ])("%s after %s is %s", (expression, from, expected) => expect(after(expression, from)).toBe(expected));

  it("has an end when its years are over", () =>
    expect(after("cron(0 0 1 1 ? 2031)", "2031-06-01T00:00:00Z")).toBeUndefined());

  it.each(["cron(* * * *)", "cron(0 10 * * * *)", "cron(0 10 ? * ? *)", "cron()"])("%s is refused", (expression) =>
    expect(parseSchedule(expression, START)).toBeUndefined(),
  );
});

describe("a time zone", () => {
  it("keeps the hour on the wall over the change to summer time", () => {
    expect(after("cron(0 9 * * ? *)", "2030-03-30T12:00:00Z", "Europe/Berlin")).toBe("2030-03-31T07:00:00.000Z");
    expect(after("cron(0 9 * * ? *)", "2030-03-29T12:00:00Z", "Europe/Berlin")).toBe("2030-03-30T08:00:00.000Z");
  });

  it("leaves out an hour that does not exist", () => {
    expect(after("cron(30 2 * * ? *)", "2030-03-30T12:00:00Z", "Europe/Berlin")).toBe("2030-04-01T00:30:00.000Z");
  });

  it("runs once in the hour that comes twice", () => {
    const first = after("cron(30 2 * * ? *)", "2030-10-26T12:00:00Z", "Europe/Berlin");
    expect(first).toBe("2030-10-27T00:30:00.000Z");
    expect(after("cron(30 2 * * ? *)", first ?? "", "Europe/Berlin")).toBe("2030-10-28T01:30:00.000Z");
  });
});

describe("a single moment", () => {
  it("comes once", () => {
    expect(after("at(2030-02-01T08:00:00)", "2030-01-07T12:00:00Z", "America/New_York")).toBe(
      "2030-02-01T13:00:00.000Z",
    );
    expect(after("at(2030-02-01T08:00:00)", "2030-03-01T00:00:00Z")).toBeUndefined();
  });
});
