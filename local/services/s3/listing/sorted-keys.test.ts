import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareKeys } from "./key-order.ts";
import { SortedKeys } from "./sorted-keys.ts";

const anyKey = fc.string({ unit: fc.constantFrom("a", "b", "/", "é", "\uffff", "😀"), maxLength: 4 });

describe("the order of keys", () => {
  it("is that of their UTF-8 bytes", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (a, b) => {
        const expected = Buffer.compare(Buffer.from(a), Buffer.from(b));
        expect(Math.sign(compareKeys(a, b))).toBe(expected);
      }),
    );
  });

  it("puts an emoji behind the last character of the basic plane", () => {
    expect(compareKeys("😀", "\uffff")).toBeGreaterThan(0);
    expect(["😀", "\uffff"].sort()).toEqual(["😀", "\uffff"]);
  });
});

describe("sorted keys", () => {
  it("are a sorted set, whatever is added and removed", () => {
    const change = fc.record({ key: anyKey, isAdded: fc.boolean() });
    fc.assert(
      fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
        const keys = new SortedKeys();
        const model = new Set<string>();
        for (const { key, isAdded } of changes) {
          if (isAdded) keys.add(key);
          else keys.delete(key);
          if (isAdded) model.add(key);
          else model.delete(key);
        }
        expect([...keys]).toEqual([...model].sort(compareKeys));
        expect(keys.size).toBe(model.size);
      }),
    );
  });

  it("begin anywhere", () => {
    const keys = new SortedKeys();
    for (const key of ["d", "b", "a", "c"]) keys.add(key);
    expect([...keys.from((key) => key > "b")]).toEqual(["c", "d"]);
    expect([...keys.from((key) => key > "d")]).toEqual([]);
  });

  it("stay sorted over many chunks, in any order of arrival", () => {
    const keys = new SortedKeys();
    const count = 20_000;
    // 7,919 is prime to 20,000: every number comes once, scattered.
    for (let i = 0; i < count; i++) keys.add(String((i * 7919) % count).padStart(5, "0"));
    const expected = Array.from({ length: count }, (_, i) => String(i).padStart(5, "0"));
    expect([...keys]).toEqual(expected);
    for (let i = 0; i < count; i += 2) keys.delete(String(i).padStart(5, "0"));
    expect([...keys]).toEqual(expected.filter((_, i) => i % 2 === 1));
  });
});
