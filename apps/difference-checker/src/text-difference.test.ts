import { applyPatch } from "diff";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareText } from "./text-difference.ts";

const without = (text: string, kind: "added" | "removed", after: string) =>
  compareText("f", text, after)
    .changes.filter((change) => !change[kind])
    .map(({ value }) => value)
    .join("");

describe("the difference of two texts", () => {
  it("names the words that changed within a line", () => {
    const { changes, linesAdded, linesRemoved } = compareText("f", "one two three\n", "one 2 three\n");
    expect([linesAdded, linesRemoved]).toEqual([1, 1]);
    expect(changes.filter(({ added, removed }) => added || removed)).toEqual([
      { value: "two", count: 1, removed: true },
      { value: "2", count: 1, added: true },
    ]);
  });

  it("is a patch that can be applied", () => {
    const before = "a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n";
    const after = "a\nB\nc\nd\ne\nf\ng\nh\ni\nk";
    const { patch } = compareText("list.txt", before, after);
    expect(patch).toBe(
      "--- a/list.txt\n+++ b/list.txt\n@@ -1,5 +1,5 @@\n a\n-b\n+B\n c\n d\n e\n@@ -7,4 +7,4 @@\n g\n h\n i\n-j\n+k\n\\ No newline at end of file\n",
    );
    expect(applyPatch(before, patch)).toBe(after);
  });

  it("gives back both texts, and a patch from one to the other", () => {
    const text = fc
      .array(fc.constantFrom("x\n", "y z\n", "y w\n", "\n", "end"), { maxLength: 25 })
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(text, text, (before, after) => {
        expect(without(before, "added", after)).toBe(before);
        expect(without(before, "removed", after)).toBe(after);
        const { patch } = compareText("f", before, after);
        expect(patch === "" ? before : applyPatch(before, patch)).toBe(after);
      }),
    );
  });

  it("shows a long replaced block as a whole", () => {
    const [before, after] = ["a ".repeat(15_000), "b ".repeat(15_000)];
    expect(compareText("f", before, after).changes.map(({ added, removed }) => [added, removed])).toEqual([
      [undefined, true],
      [true, undefined],
    ]);
  });

  it("is empty for equal texts", () =>
    expect(compareText("f", "a\n", "a\n")).toMatchObject({ linesAdded: 0, linesRemoved: 0, patch: "" }));
});
