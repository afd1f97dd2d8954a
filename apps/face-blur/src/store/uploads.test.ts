import { describe, expect, it } from "vitest";
import { checkKey } from "./uploads.ts";

describe("a key", () => {
  it.each([
    "a.jpg",
    "trips/2030 summer/50% + größer.JPG",
    "..jpg",
    "a..b/.hidden/c.png",
    "__proto__.jpg",
    "文件.webp",
    "a%2eb.jpg",
  ])("such as %s is taken", (key) => expect(() => checkKey(key)).not.toThrow());

  it.each([
    "../a.jpg",
    "a/../../b.jpg",
    "./a.jpg",
    "a\\..\\b.jpg",
    "%2e%2e/a.jpg",
    "a%2F..%2fb.jpg",
    "a\nb.jpg",
    "a\u0000.jpg",
    "a\u0085.jpg",
  ])("such as %j is refused", (key) =>
    expect(() => checkKey(key)).toThrow(expect.objectContaining({ name: "KeyRefused" })),
  );
});
