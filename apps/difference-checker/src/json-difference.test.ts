import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareJson, type Json } from "./json-difference.ts";

const changes = (before: Json, after: Json) => compareJson(before, after).changes;

describe("the difference of two documents", () => {
  it("names values by their path", () => {
    expect(changes({ a: 1, b: { c: [1, 2], "x/y": true } }, { a: 2, b: { c: [1, 2, 3], d: null } })).toEqual([
      { op: "replace", path: "/a", before: 1, after: 2 },
      { op: "add", path: "/b/c/2", after: 3 },
      { op: "remove", path: "/b/x~1y", before: true },
      { op: "add", path: "/b/d", after: null },
    ]);
  });

  it("sees through the order of members", () =>
    expect(changes({ a: 1, b: [{ c: 1, d: 2 }] }, { b: [{ d: 2, c: 1 }], a: 1 })).toEqual([]));

  it("finds the changed element of a list of objects", () => {
    const [before, after] = [
      [{ id: 1 }, { id: 2, n: "a" }, { id: 3 }],
      [{ id: 1 }, { id: 2, n: "b" }, { id: 3 }],
    ];
    expect(changes(before, after)).toEqual([{ op: "replace", path: "/1/n", before: "a", after: "b" }]);
  });

  it("names removed elements where they stood, one by one", () => {
    expect(changes(["a", "b", "c", "d"], ["a", "d"])).toEqual([
      { op: "remove", path: "/1", before: "b" },
      { op: "remove", path: "/1", before: "c" },
    ]);
  });

  it("tells another type from another value", () =>
    expect(changes({ a: "1" }, { a: 1 })).toEqual([{ op: "replace", path: "/a", before: "1", after: 1 }]));

  it("is not led astray by names of the prototype", () => {
    expect(changes(JSON.parse('{"__proto__":1}') as Json, {})).toEqual([
      { op: "remove", path: "/__proto__", before: 1 },
    ]);
    expect(changes({}, { toString: 1 })).toEqual([{ op: "add", path: "/toString", after: 1 }]);
  });

  it("lists at most a thousand changes and says so", () => {
    const after = Object.fromEntries(Array.from({ length: 5_000 }, (_, index) => [`k${index}`, index]));
    expect(compareJson({}, after)).toMatchObject({ isCut: true, changes: { length: 1_000 } });
  });

  it("does not run out of stack on deep documents", () => {
    const deep = (leaf: number) => JSON.parse(`${"[".repeat(2_000)}${leaf}${"]".repeat(2_000)}`) as Json;
    expect(changes(deep(1), deep(2))).toHaveLength(1);
  });

  it("is empty for a document and itself, and for no other document", () => {
    const document = fc.jsonValue() as fc.Arbitrary<Json>;
    fc.assert(fc.property(document, (value) => changes(value, structuredClone(value)).length === 0));
    fc.assert(
      fc.property(document, document, (before, after) => {
        const [a, b] = [before, after].map((value) => JSON.stringify(value));
        fc.pre(a !== b && typeof before !== "object");
        expect(changes(before, after)).not.toEqual([]);
      }),
    );
  });
});
