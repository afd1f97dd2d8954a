import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareLines, linesOf } from "./lines.ts";

const apply = (changes: ReturnType<typeof compareLines>, side: "added" | "removed") =>
  changes.flatMap(({ kind, lines }) => (kind === "same" || kind === side ? lines : []));

describe("comparing lines", () => {
  it("keeps what is equal and names what came and went", () => {
    expect(compareLines(["a", "b", "c"], ["a", "x", "c", "d"])).toEqual([
      { kind: "same", lines: ["a"] },
      { kind: "removed", lines: ["b"] },
      { kind: "added", lines: ["x"] },
      { kind: "same", lines: ["c"] },
      { kind: "added", lines: ["d"] },
    ]);
  });

  it("gives back both sides, whatever they are", () => {
    const lines = fc.array(fc.constantFrom("a", "b", "c", "d", ""), { maxLength: 30 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const changes = compareLines(before, after);
        expect(apply(changes, "removed")).toEqual(before);
        expect(apply(changes, "added")).toEqual(after);
      }),
    );
  });

  it("says nothing changed for equal sides", () => {
    expect(compareLines(["a", "a"], ["a", "a"])).toEqual([{ kind: "same", lines: ["a", "a"] }]);
    expect(compareLines([], [])).toEqual([]);
  });

  it("stays within bounds for long texts that share no line", () => {
    const before = Array.from({ length: 100_000 }, (_, index) => `before ${index}`);
    const after = Array.from({ length: 100_000 }, (_, index) => `after ${index}`);
    expect(compareLines(before, after).map(({ kind, lines }) => [kind, lines.length])).toEqual([
      ["removed", 100_000],
      ["added", 100_000],
    ]);
  });
});

describe("splitting into lines", () => {
  it.each([
    ["", []],
    ["a", ["a"]],
    ["a\n", ["a\n"]],
    ["a\n\nb", ["a\n", "\n", "b"]],
    ["a\r\nb", ["a\r\n", "b"]],
  ])("%j", (text, expected) => expect(linesOf(text)).toEqual(expected));

  it("loses nothing", () => {
    const texts = fc.string({ unit: fc.constantFrom("a", "\n", "\r", " ") });
    expect(() => fc.assert(fc.property(texts, (text) => linesOf(text).join("") === text))).not.toThrow();
  });
});
