import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isResult, marked } from "./marker.ts";
import { isOriginal, withoutMark } from "./original-mark.ts";
import { resultKey } from "./result-key.ts";
import { roundsOf, withNextRound } from "./rounds.ts";

describe("the count of rounds", () => {
  it("goes up with each result, and ends at the most", () => {
    const first = withNextRound("a", { owner: "me" }, 2);
    expect(first).toEqual({ owner: "me", "processing-rounds": "1" });
    const second = withNextRound("a", first, 2);
    expect(() => withNextRound("a", second, 2)).toThrow("processed 2 times already, at most 2 are allowed");
  });

  it.each(["", "-5", "1e3", "0x10", "1 ", "NaN", "9999999999999"])("takes %j for none", (text) => {
    expect(roundsOf({ "processing-rounds": text })).toBe(0);
  });
});

describe("the mark of an original", () => {
  it.each([
    [{ original: "true" }, true],
    [{ original: "True" }, false],
    [{ original: "false" }, false],
    [{}, false],
  ])("%j: %s", (metadata, expected) => {
    expect(isOriginal(metadata)).toBe(expected);
  });

  it("is taken off without touching anything else", () => {
    expect(withoutMark({ original: "true", owner: "me" })).toEqual({ owner: "me" });
  });
});

describe("the marker of a result", () => {
  it("holds for its own text only", () => {
    const metadata = marked("tidy\n", { owner: "me" });
    expect([isResult("tidy\n", metadata), isResult("tidy, changed\n", metadata), isResult("tidy\n", {})]).toEqual([
      true,
      false,
      false,
    ]);
    expect(metadata).toMatchObject({ owner: "me" });
  });
});

describe("the key of a result", () => {
  it.each([
    ["original/a.txt", "a.txt"],
    ["original/a/b.txt", "a/b.txt"],
    ["original/a/original/b.txt", "a/original/b.txt"],
    ["original//b.txt", "/b.txt"],
    ["original/../b.txt", "../b.txt"],
  ])("of %s is %s", (key, result) => {
    expect(resultKey(key, "original/")).toBe(result);
  });

  it.each([
    ["a.txt", "KeyUnexpected"],
    ["original/", "KeyUnexpected"],
    ["original/original/a.txt", "ResultWouldLoop"],
  ])("of %s is refused: %s", (key, name) => {
    expect(() => resultKey(key, "original/")).toThrow(expect.objectContaining({ name }));
  });

  it("never begins with the prefix, and differs where the originals' keys do", () => {
    const keys = fc.string({ minLength: 1 }).filter((key) => !key.startsWith("original/"));
    fc.assert(fc.property(keys, (key) => void expect(resultKey(`original/${key}`, "original/")).toBe(key)));
  });
});
