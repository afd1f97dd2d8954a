import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { failedItems } from "./batch-answer.ts";

const identifiers = new Set(["a", "b", "c"]);
const report = (...failed: readonly unknown[]) =>
  JSON.stringify({ batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) });

describe("what a function reports about its batch", () => {
  it.each([
    ["an empty list", report()],
    ["null instead of a list", `{"batchItemFailures":null}`],
    ["an empty object", "{}"],
    ["null", "null"],
    ["nothing", ""],
  ])("is a success of all: %s", (_what, payload) => {
    expect(failedItems(payload, identifiers)).toEqual(new Set());
  });

  it.each([
    ["a text", `"done"`],
    ["no JSON", "{"],
    ["an empty identifier", report("")],
    ["no identifier", report(null)],
    ["a number as identifier", report(1)],
    ["an identifier of no item", report("a", "z")],
    ["another member's name", `{"batchItemFailures":[{"id":"a"}]}`],
    ["no object in the list", `{"batchItemFailures":["a"]}`],
    ["null in the list", `{"batchItemFailures":[null]}`],
    ["no list", `{"batchItemFailures":"a"}`],
  ])("is a failure of all: %s", (_what, payload) => {
    expect(failedItems(payload, identifiers)).toBeUndefined();
  });

  it("names each failed item once", () => {
    expect(failedItems(report("b", "a", "b"), identifiers)).toEqual(new Set(["a", "b"]));
  });

  it("never names an item that is not in the batch", () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom("a", "b", "c", "d", "")), (names) => {
        const failed = failedItems(report(...names), identifiers);
        const isUnderstood = names.every((name) => identifiers.has(name));
        expect(failed).toEqual(isUnderstood ? new Set(names) : undefined);
      }),
    );
  });
});
