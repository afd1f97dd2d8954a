import { describe, expect, it } from "vitest";
import { jsonPath } from "./json-path.ts";

describe("a JSON path", () => {
  const root = { a: { "b c": [1, { d: 2 }], null: null }, list: [{ n: 1 }, { n: 2 }], "x-y": "z" };
  it.each([
    ["$", root],
    ["$.a['b c'][0]", 1],
    ['$["a"]["b c"][1].d', 2],
    ["$.list[-1].n", 2],
    ["$.list[5]", undefined],
    ["$.a.none.deeper", undefined],
    ["$.a.null", null],
    ["$.x-y", "z"],
    ["list[0].n", 1],
    ["$.list[*].n", [1, 2]],
    ["$.list.*.n", [1, 2]],
    ["$..n", [1, 2]],
    ["$.none[*]", []],
    ["$.constructor", undefined],
  ])("%s", (path, value) => {
    expect(jsonPath(path).find(root)).toEqual(value);
  });

  it.each(["$.", "$[", "$.a[?(@.b)]", "$.a b c["])("%s is refused", (path) => {
    expect(() => jsonPath(path)).toThrow(`Invalid JSON path specified: ${path}`);
  });
});
