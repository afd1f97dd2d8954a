import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareKeys } from "./key-order.ts";
import { pageOf, urlEncoded } from "./page.ts";
import { SortedKeys } from "./sorted-keys.ts";

const anyKey = fc.string({ unit: fc.constantFrom("a", "b", "/", "-"), minLength: 1, maxLength: 5 });

/** All pages of a listing, put together. */
function listAll(names: readonly string[], prefix: string, delimiter: string, limit: number) {
  const keys = new SortedKeys();
  for (const name of names) keys.add(name);
  const found: string[] = [];
  let after = "";
  for (let pages = 0; pages <= names.length + 1; pages++) {
    const page = pageOf({ keys, prefix, delimiter, after, limit, entriesOf: (key) => [key] });
    expect(page.entries.length + page.commonPrefixes.length).toBeLessThanOrEqual(limit);
    found.push(...[...page.entries, ...page.commonPrefixes].sort(compareKeys));
    if (!page.isTruncated || !page.last) return found;
    after = "entry" in page.last ? page.last.entry : page.last.commonPrefix;
  }
  throw new Error("The listing has no end");
}

/** The same, by looking at every key. */
function expected(names: readonly string[], prefix: string, delimiter: string): string[] {
  const folded = names
    .filter((name) => name.startsWith(prefix))
    .map((name) => {
      const at = delimiter === "" ? -1 : name.indexOf(delimiter, prefix.length);
      return at < 0 ? name : name.slice(0, at + delimiter.length);
    });
  return [...new Set(folded)].sort(compareKeys);
}

describe("pages", () => {
  it("put together are the whole listing, with every prefix, delimiter and length of page", () => {
    const prefixes = fc.constantFrom("", "a", "a/", "b/a", "/");
    const delimiters = fc.constantFrom("", "/", "-", "a/");
    fc.assert(
      fc.property(
        fc.uniqueArray(anyKey, { maxLength: 30 }),
        prefixes,
        delimiters,
        fc.integer({ min: 1, max: 4 }),
        (names, prefix, delimiter, limit) => {
          const all = expected(names, prefix, delimiter);
          // A key may be called like a common prefix of others: it is then listed as a key of its own prefix.
          expect(listAll(names, prefix, delimiter, limit)).toEqual(all);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("look only at what they list, however many keys are folded", () => {
    const keys = new SortedKeys();
    for (let i = 0; i < 50_000; i++) keys.add(`${i % 5}/${String(i).padStart(6, "0")}`);
    let looked = 0;
    const entriesOf = (key: string) => {
      looked++;
      return [key];
    };
    const page = pageOf({ keys, prefix: "", delimiter: "/", after: "", limit: 1000, entriesOf });
    expect(page.commonPrefixes).toEqual(["0/", "1/", "2/", "3/", "4/"]);
    expect(looked).toBe(5);
    pageOf({ keys, prefix: "3/", delimiter: "", after: "3/040000", limit: 10, entriesOf });
    expect(looked).toBeLessThan(20);
  });
});

describe("encoding", () => {
  it.each([
    ["a b/c", "a+b/c"],
    ["ü+%&=", "%C3%BC%2B%25%26%3D"],
    ["it's (1)!*", "it%27s+%281%29%21*"],
    ["line\nbreak", "line%0Abreak"],
  ])("of %j is %s", (key, encoded) => {
    expect(urlEncoded(key)).toBe(encoded);
    expect(decodeURIComponent(encoded.replaceAll("+", " "))).toBe(key);
  });
});
