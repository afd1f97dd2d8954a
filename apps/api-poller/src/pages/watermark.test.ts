import { describe, expect, it } from "vitest";
import { latestChange, nextWatermark } from "./watermark.ts";

describe("the latest change", () => {
  it("is found whatever the zone in which it is written", () =>
    expect(
      latestChange([{ m: { at: "2030-01-01T01:00:00+02:00" } }, { m: { at: "2030-01-01T00:00:00Z" } }], "m.at"),
    ).toBe("2030-01-01T00:00:00.000Z"));
  it("is none where there are no records", () => expect(latestChange([], "at")).toBeUndefined());
  it.each([[{}], [{ at: 5 }], [{ at: "yesterday" }], [null]])("is not guessed for %j", (record) =>
    expect(() => latestChange([record], "at")).toThrow('Record 0 has no moment of change at "at"'),
  );
});

describe("the next job begins", () => {
  const start = "2030-01-07T12:00:00Z";
  it("at the latest change of all pages", () =>
    expect(nextWatermark(["2030-01-02T00:00:00.000Z", undefined, "2030-01-03T00:00:00.000Z"], start)).toBe(
      "2030-01-03T00:00:00.000Z",
    ));
  it("not after the start of the one before it: a record may have changed behind its back", () =>
    expect(nextWatermark(["2030-01-07T12:00:05.000Z"], start)).toBe("2030-01-07T12:00:00.000Z"));
  it("where it began before when nothing changed", () => expect(nextWatermark([undefined], start)).toBeUndefined());
});
