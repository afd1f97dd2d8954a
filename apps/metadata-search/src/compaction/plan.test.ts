import { describe, expect, it } from "vitest";
import { fragmentedDays, planCompaction } from "./plan.ts";

const file = (key: string, size = 10) => ({ key, size, writtenAt: 0 });
const settings = { targetBytes: 100, graceMs: 1_000, now: 10_000 };
const record = (output: string, sources: string[], writtenAt = 0) => ({
  key: `record-${output}`,
  writtenAt,
  output,
  sources,
});

describe("a plan of a day", () => {
  it.each<[string, ReturnType<typeof file>[], string[][]]>([
    ["nothing of nothing", [], []],
    ["nothing of one small file", [file("a")], []],
    ["small files together", [file("b"), file("a")], [["a", "b"]]],
    ["nothing that is large", [file("a", 100), file("b", 500)], []],
    [
      "groups up to the target",
      [file("a", 60), file("b", 40), file("c", 40), file("d", 40)],
      [
        ["a", "b"],
        ["c", "d"],
      ],
    ],
    ["no group of one", [file("a", 60), file("b", 60), file("c", 30)], [["b", "c"]]],
  ])("merges %s", (_title, files, merges) => {
    expect(planCompaction(files, [], settings)).toEqual({ merges, removals: [], settled: [] });
  });

  it("leaves sources alone until the grace is over", () => {
    const files = [file("a"), file("b"), file("ab")];
    expect(planCompaction(files, [record("ab", ["a", "b"], 9_001)], settings)).toEqual({
      merges: [],
      removals: [],
      settled: [],
    });
    expect(planCompaction(files, [record("ab", ["a", "b"], 9_000)], settings)).toEqual({
      merges: [],
      removals: ["a", "b"],
      settled: ["record-ab"],
    });
  });

  it("merges a merged file with what came since, but not its sources", () => {
    const files = [file("a"), file("ab"), file("b"), file("c")];
    expect(planCompaction(files, [record("ab", ["a", "b"], 9_500)], settings).merges).toEqual([["ab", "c"]]);
  });

  it("removes nothing whose merged file is not there, and merges it again", () => {
    expect(planCompaction([file("a"), file("b")], [record("ab", ["a", "b"])], settings)).toEqual({
      merges: [["a", "b"]],
      removals: [],
      settled: ["record-ab"],
    });
  });

  it("settles a record whose sources are gone", () => {
    expect(planCompaction([file("ab")], [record("ab", ["a", "b"])], settings)).toMatchObject({
      removals: [],
      settled: ["record-ab"],
    });
  });
});

describe("the days that need it", () => {
  const dayOf = (key: string) => key.split("/")[0];
  it("have several small files, or sources that may go", () => {
    const files = [file("1/a"), file("1/b"), file("2/a"), file("3/a", 100), file("3/b", 100)];
    const records = [
      { key: "4/r", writtenAt: 0 },
      { key: "5/r", writtenAt: 9_999 },
    ];
    expect(fragmentedDays(files, records, dayOf, settings)).toEqual(["1", "4"]);
  });
});
