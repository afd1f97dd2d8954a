import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Finding, hashOf, partOf, partsOf, reportOf, summaryOf } from "./report.ts";

const finding = fc.record<Finding>({
  kind: fc.constantFrom("rows", "object"),
  key: fc.constantFrom("a", "b/c", "__proto__"),
  versionId: fc.constantFrom("v1", "v2"),
  user: fc.constantFrom("1001", "1002", "__proto__"),
  rows: fc.nat(9),
});
const findings = fc.uniqueArray(finding, { selector: ({ rows: _, ...rest }) => JSON.stringify(rest) });

describe("a report", () => {
  it("and its hash are the same for the same findings in any order", () => {
    fc.assert(
      fc.property(findings, fc.infiniteStream(fc.nat()), (found, order) => {
        const shuffled = found.map((entry) => ({ entry, at: order.next().value ?? 0 })).toSorted((a, b) => a.at - b.at);
        const other = reportOf(
          ["1001"],
          shuffled.map(({ entry }) => entry),
        );
        expect(other).toEqual(reportOf(["1001"], found));
        expect(hashOf(other)).toBe(hashOf(reportOf(["1001"], found)));
      }),
    );
  });

  it("has another hash when one row more is found", () => {
    const one: Finding = { kind: "rows", key: "a", versionId: "v", user: "u", rows: 1 };
    expect(hashOf(reportOf(["u"], [one]))).not.toBe(hashOf(reportOf(["u"], [{ ...one, rows: 2 }])));
  });

  it("counts, and names who was not found", () => {
    const report = reportOf(
      ["u", "w", "nobody"],
      [
        { kind: "rows", key: "a", versionId: "v1", user: "u", rows: 2 },
        { kind: "rows", key: "a", versionId: "v2", user: "w", rows: 3 },
        { kind: "object", key: "u-b", versionId: "v", user: "u", rows: 0 },
      ],
    );
    expect(report.notFound).toEqual(["nobody"]);
    expect(summaryOf(report)).toEqual({
      objects: 2,
      wholeObjects: 1,
      versions: 3,
      rows: 5,
      usersFound: 2,
      usersNotFound: 1,
    });
  });

  it("is worked on in at most five hundred parts, which hold each object once", () => {
    for (const size of [0, 1, 499, 500, 1_250]) {
      const found = Array.from({ length: size }, (_, index): Finding => ({
        kind: "object",
        key: `u-${index}`,
        versionId: "v",
        user: "u",
        rows: 0,
      }));
      const report = reportOf(["u"], found);
      const parts = partsOf(report);
      expect(parts).toBe(Math.min(size, 500));
      const keys = Array.from({ length: parts }, (_, part) => partOf(report, part).map(({ key }) => key)).flat();
      expect(keys.toSorted()).toEqual(found.map(({ key }) => key).toSorted());
    }
  });
});
