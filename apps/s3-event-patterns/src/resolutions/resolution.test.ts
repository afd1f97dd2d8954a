import { describe, expect, it } from "vitest";
import { keyOfResolution, refusalOf, shapeOf } from "./resolution.ts";

const refusal = (key: string) => refusalOf({ bucket: "b", key });

describe("a key", () => {
  it.each(["photos/a.jpg", "photos/2030 summer/50% + größer.JPG", "..jpg", "a..b/.c.png", "__proto__", "文件.webp"])(
    "such as %s is taken, and kept below resolution and bucket",
    (key) => {
      expect(refusal(key)).toBeUndefined();
      expect(keyOfResolution("small", { bucket: "b", key })).toBe(`small/b/${key}`);
    },
  );

  it.each(["../a.jpg", "a/../b", "./a", "a\\..\\b", "%2e%2e/a", "a%2F..%2fb", "a\nb", "a\u0000", "a\u0085"])(
    "such as %j is refused",
    (key) => expect(refusal(key)).toMatch(/control characters|as a folder/),
  );

  it("may have 1,024 bytes with what is put before it", () => {
    const longest = `${"ø".repeat(507)}a`;
    expect(Buffer.byteLength(keyOfResolution("medium", { bucket: "b", key: longest }))).toBe(1_024);
    expect(refusal(longest)).toBeUndefined();
    expect(refusal(`${longest}a`)).toContain("1025 bytes, more than 1024");
  });
});

it("avatars are squares, photos are kept whole", () => {
  expect(shapeOf("avatars/me.jpg", 200, "avatars/")).toEqual({ pixels: 200, isSquare: true });
  expect(shapeOf("photos/avatars/me.jpg", 200, "avatars/")).toEqual({ pixels: 200, isSquare: false });
});
