import { describe, expect, it } from "vitest";
import { plainItem } from "./attribute-values.ts";

describe("a value of DynamoDB", () => {
  it.each([
    [{ S: "text" }, "text"],
    [{ N: "-1.5e3" }, -1500],
    [{ N: "12345678901234567890" }, 12345678901234567890n],
    [{ BOOL: false }, false],
    [{ NULL: true }, null],
    [{ L: [{ S: "a" }, { N: "1" }] }, ["a", 1]],
    [{ M: { a: { M: { b: { S: "c" } } } } }, { a: { b: "c" } }],
    [{ SS: ["a", "b"] }, ["a", "b"]],
    [{ NS: ["1", "2"] }, [1, 2]],
    [{ B: "aGk=" }, "aGk="],
    [{ X: 1 }, undefined],
    [{}, undefined],
    [{ L: "no list" }, undefined],
  ])("%j becomes plain", (value, expected) => {
    expect(plainItem({ a: value })).toEqual({ a: expected });
  });
});
