import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchPath } from "./path-template.ts";

describe("a path template", () => {
  it.each([
    ["/", "/", {}],
    ["/", "/a", undefined],
    ["/a", "/", undefined],
    ["/a/b", "/a/b", {}],
    ["/a/b", "/a/B", undefined],
    ["/a/b", "/a/b/", undefined],
    ["/a b", "/a%20b", {}],
    ["/{id}", "/", undefined],
    ["/{id}", "/a%2Fb", { id: "a/b" }],
    ["/{id}", "/%ZZ", { id: "%ZZ" }],
    ["/{a}/x/{b}", "/1/x/2", { a: "1", b: "2" }],
    ["/{proxy+}", "/", undefined],
    ["/{proxy+}", "/a/b/", { proxy: "a/b/" }],
    ["/a/{rest+}", "/a/b%20c/d", { rest: "b c/d" }],
    ["/a/{rest+}", "/a", undefined],
  ])("%s fits %s as %j", (template, path, parameters) => {
    expect(matchPath(template, path)?.parameters).toEqual(parameters);
  });

  it("gives back every value that is put into it", () => {
    const segment = fc.string({ minLength: 1, unit: "grapheme" });
    fc.assert(
      fc.property(segment, segment, (a, b) => {
        const path = `/x/${encodeURIComponent(a)}/${encodeURIComponent(b)}`;
        expect(matchPath("/x/{a}/{b}", path)?.parameters).toEqual({ a, b });
        expect(matchPath("/x/{rest+}", path)?.parameters).toEqual({ rest: `${a}/${b}` });
      }),
    );
  });

  it("ranks literals before parameters before greedy ones, from the left", () => {
    const rank = (template: string) => matchPath(template, "/a/b/c")?.rank ?? "";
    const ordered = ["/a/b/c", "/a/b/{x}", "/a/b/{x+}", "/a/{x}/c", "/a/{x}/{y}", "/a/{x+}", "/{x}/b/c", "/{x+}"];
    expect(ordered.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1))).toEqual(ordered);
  });
});
