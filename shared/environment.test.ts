import { describe, expect, expectTypeOf, it } from "vitest";
import { environmentOf } from "./environment.ts";
import { ConfigurationInvalid } from "./errors.ts";

const env = environmentOf({
  BUCKET: "photos",
  EMPTY: " ",
  KEEP: "3",
  NEGATIVE: "-2",
  DRY_RUN: "True",
  LEVEL: "strict",
});

describe("the environment", () => {
  it("reads what is there", () => {
    expect(env.text("BUCKET")).toBe("photos");
    expect(env.optional("BUCKET")).toBe("photos");
    expect(env.integer("KEEP", { least: 1, most: 100 })).toBe(3);
    expect(env.integer("NEGATIVE", { least: -5, most: 0 })).toBe(-2);
    expect(env.flag("DRY_RUN")).toBe(true);
    expect(env.oneOf("LEVEL", ["strict", "lax"])).toBe("strict");
  });

  it("falls back where a variable is missing or empty", () => {
    expect(env.text("EMPTY", "x")).toBe("x");
    expect(env.optional("EMPTY")).toBeUndefined();
    expect(env.integer("ABSENT", { least: 1, most: 9, otherwise: 4 })).toBe(4);
    expect(env.flag("ABSENT")).toBe(false);
    expect(env.flag("ABSENT", true)).toBe(true);
    expect(env.oneOf("ABSENT", ["strict", "lax"], "lax")).toBe("lax");
  });

  it("types one of a few words as those words", () => {
    expectTypeOf(env.oneOf("LEVEL", ["strict", "lax"])).toEqualTypeOf<"strict" | "lax">();
  });

  it.each([
    ["a missing text", () => env.text("ABSENT"), "Environment variable ABSENT is missing"],
    ["an empty text", () => env.text("EMPTY"), "Environment variable EMPTY is missing"],
    ["a missing number", () => env.integer("ABSENT", { least: 1, most: 2 }), "Environment variable ABSENT is missing"],
    ["a number out of range", () => env.integer("KEEP", { least: 4, most: 9 }), "must be a whole number from 4 to 9"],
    ["a word as a number", () => env.integer("BUCKET", { least: 0, most: 9 }), "must be a whole number from 0 to 9"],
    ["a flag that is neither", () => env.flag("BUCKET"), "Environment variable BUCKET must be true or false"],
    ["an unknown word", () => env.oneOf("LEVEL", ["a", "b"]), "Environment variable LEVEL must be one of a, b"],
  ])("refuses %s and names the variable", (_, read, message) => {
    expect(read).toThrow(ConfigurationInvalid);
    expect(read).toThrow(message);
  });

  it.each(["3.5", "NaN", "1e3", "0x10", "3 4", "Infinity"])("does not take %s for a whole number", (text) => {
    expect(() => environmentOf({ N: text }).integer("N", { least: 0, most: 1e6 })).toThrow(ConfigurationInvalid);
  });
});
