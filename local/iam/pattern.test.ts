import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePattern, type Lookup, matches, resolvedText } from "./pattern.ts";

const nothing: Lookup = () => undefined;
const fits = (source: string, value: string, lookup: Lookup = nothing) =>
  matches(compilePattern(source, { variables: true, wildcards: true }), value, lookup);

describe("a pattern", () => {
  it.each([
    ["*", "", true],
    ["*", "anything:at/all", true],
    ["s3:Get*", "s3:GetObject", true],
    ["s3:Get*", "s3:PutObject", false],
    ["s3:?etObject", "s3:GetObject", true],
    ["s3:?GetObject", "s3:GetObject", false],
    ["arn:aws:s3:::b/*/c", "arn:aws:s3:::b/x/y/c", true],
    ["arn:aws:s3:::b/*/c", "arn:aws:s3:::b/c", false],
    ["a**b", "a-b", true],
    ["", "", true],
    ["", "a", false],
    ["a.c", "abc", false],
    ["[ab]+", "a", false],
  ])("%s and %s: %s", (pattern, value, expected) => {
    expect(fits(pattern, value)).toBe(expected);
  });

  it("agrees with a regular expression of the same meaning", () => {
    const character = fc.constantFrom("a", "b", "*", "?", "/", ":");
    fc.assert(
      fc.property(fc.array(character), fc.array(fc.constantFrom("a", "b", "/", ":")), (pattern, value) => {
        const expression = pattern.map((c) => (c === "*" ? "[^]*" : c === "?" ? "[^]" : c)).join("");
        expect(fits(pattern.join(""), value.join(""))).toBe(new RegExp(`^${expression}$`).test(value.join("")));
      }),
      { numRuns: 2000 },
    );
  });

  it("takes no exponential time on patterns made to backtrack", () => {
    const started = performance.now();
    expect(fits(`${"*a".repeat(200)}b`, "a".repeat(5000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe("a policy variable", () => {
  const session: Lookup = (key) =>
    ({ "aws:principaltag/team": ["blue"], "aws:userid": ["A*B"], "aws:many": ["a", "b"] })[key];

  it("is replaced by the request's value, whatever the case of its name", () => {
    // oxlint-disable-next-line no-template-curly-in-string -- policy variables
    expect(fits("arn:aws:s3:::b/${aws:PrincipalTag/Team}/*", "arn:aws:s3:::b/blue/x", session)).toBe(true);
  });

  it.each([
    ["x/${aws:username}/*", "x//y", false],
    ["x/${aws:username}", "x/${aws:username}", false],
    ["x/${aws:many}", "x/a", false],
    ["x/${aws:username, 'nobody'}", "x/nobody", true],
    ["x/${aws:PrincipalTag/team, 'nobody'}", "x/blue", true],
    ["x/${*}", "x/*", true],
    ["x/${*}", "x/y", false],
    ["x/${?}${$}", "x/?$", true],
  ])("%s and %s: %s", (pattern, value, expected) => {
    expect(fits(pattern, value, session)).toBe(expected);
  });

  it("never brings a wildcard in", () => {
    // oxlint-disable-next-line no-template-curly-in-string -- policy variables
    const pattern = "home/${aws:userid}/x";
    expect(fits(pattern, "home/A*B/x", session)).toBe(true);
    expect(fits(pattern, "home/A-other-B/x", session)).toBe(false);
  });

  it("is plain text in policies of 2008", () => {
    const pattern = compilePattern("${aws:userid}", { variables: false, wildcards: true });
    expect(matches(pattern, "${aws:userid}", session)).toBe(true);
    expect(resolvedText(pattern, session)).toBe("${aws:userid}");
  });
});
