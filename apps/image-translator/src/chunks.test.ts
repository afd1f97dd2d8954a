import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunksOf } from "./chunks.ts";

describe("a text in parts", () => {
  it("ends each with a sentence where it can", () => {
    expect(chunksOf("One is here. Two is here. Three is here.", 26)).toEqual([
      "One is here. Two is here. ",
      "Three is here.",
    ]);
  });

  it("ends with a word where a sentence is too long, and within a word where that is", () => {
    expect(chunksOf("one two three", 8)).toEqual(["one two ", "three"]);
    expect(chunksOf("abcdefghij", 4)).toEqual(["abcd", "efgh", "ij"]);
  });

  it("is one part at the limit and two above it, counted in bytes", () => {
    expect(chunksOf("ø".repeat(5_000), 10_000)).toHaveLength(1);
    expect(chunksOf(`${"ø".repeat(5_000)}a`, 10_000)).toHaveLength(2);
  });

  it("is none for no text", () => {
    expect(chunksOf("", 10)).toEqual([]);
  });

  it("is the text when put together, no part too long, no character cut", () => {
    const text = fc
      .array(fc.oneof(fc.string({ unit: "grapheme" }), fc.constantFrom("A b. ", "。", "\n", "👩‍👩‍👧‍👦")))
      .map((all) => all.join(""));
    fc.assert(
      fc.property(text, fc.integer({ min: 4, max: 40 }), (whole, most) => {
        const parts = chunksOf(whole, most);
        expect(parts.join("")).toBe(whole);
        expect(parts.every((part) => Buffer.byteLength(part) <= most && part !== "" && part.isWellFormed())).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});
