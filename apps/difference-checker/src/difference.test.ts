import { describe, expect, it } from "vitest";
import { decodeText } from "./decode-text.ts";
import { compareContents, summaryOf } from "./difference.ts";

const bytes = (text: string) => Buffer.from(text);

describe("comparing contents", () => {
  it("compares JSON by structure", () =>
    expect(compareContents("a.JSON", bytes('{"a":1}'), bytes('{ "a": 2 }'))).toMatchObject({
      kind: "json",
      changes: [{ path: "/a" }],
    }));
  it("compares broken JSON as text", () =>
    expect(compareContents("a.json", bytes("{"), bytes("{}"))).toMatchObject({ kind: "text" }));
  it("tells only sizes of what is not text", () => {
    const difference = compareContents("a.txt", Buffer.from([0, 1, 2]), bytes("ab"));
    expect(difference).toEqual({ kind: "binary", bytesBefore: 3, bytesAfter: 2 });
    expect(summaryOf(difference)).toBe("3 bytes before, 2 after, not text");
  });
  it("sums up a text", () =>
    expect(summaryOf(compareContents("a.txt", bytes("a\nb\n"), bytes("a\nc\nd\n")))).toBe("2 lines added, 1 removed"));
});

describe("decoding", () => {
  it.each([
    ["UTF-8", bytes("grün"), "grün"],
    ["UTF-8 with a mark", Buffer.from([0xef, 0xbb, 0xbf, 0x61]), "a"],
    ["UTF-16 LE", Buffer.from([0xff, 0xfe, 0x61, 0x00]), "a"],
    ["UTF-16 BE", Buffer.from([0xfe, 0xff, 0x00, 0x61]), "a"],
    ["nothing", Buffer.alloc(0), ""],
    ["bytes that are no UTF-8", Buffer.from([0xc3, 0x28]), undefined],
    ["a picture", Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0]), undefined],
  ])("%s", (_name, input, expected) => expect(decodeText(input)).toBe(expected));
});
