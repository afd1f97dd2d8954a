import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { zipOf } from "../../services/lambda/testing/zip.ts";
import { LARGEST_UNPACKED, unpack, unpackedSize } from "./unpack.ts";

let parent: string;
let folder: string;
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), "unpack-"));
  folder = join(parent, "inside");
});
afterEach(() => rmSync(parent, { recursive: true }));

describe("a deployment package", () => {
  it.each([true, false])("is unpacked with its folders (stored: %s)", (isStored) => {
    unpack(zipOf({ "index.mjs": "export {}", "src/deep/data.json": "{}", "empty.txt": "" }, { isStored }), folder);
    expect(readFileSync(join(folder, "index.mjs"), "utf8")).toBe("export {}");
    expect(readFileSync(join(folder, "src/deep/data.json"), "utf8")).toBe("{}");
    expect(readFileSync(join(folder, "empty.txt"), "utf8")).toBe("");
  });

  it("knows its size before it is unpacked", () => {
    expect(unpackedSize(zipOf({ a: "x".repeat(10_000), b: "y" }))).toBe(10_001);
  });

  it("may have a comment at its end", () => {
    const archive = zipOf({ "index.mjs": "1" });
    archive.writeUInt16LE(5, archive.length - 2);
    unpack(Buffer.concat([archive, Buffer.from("hello")]), folder);
    expect(readdirSync(folder)).toEqual(["index.mjs"]);
  });
});

describe("a hostile package", () => {
  it.each(["../outside.txt", "a/../../outside.txt", "/outside.txt", "..//outside.txt"])(
    "does not write to %s",
    (name) => {
      expect(() => unpack(zipOf({ [name]: "x" }), folder)).toThrow("lies outside of the archive");
      expect(existsSync(join(parent, "outside.txt"))).toBe(false);
    },
  );

  it("is refused when it says to unpack to more than Lambda takes", () => {
    const archive = zipOf({ bomb: "x" }, { claimedSize: LARGEST_UNPACKED + 1 });
    expect(() => unpack(archive, folder)).toThrow(`unpacks to more than ${LARGEST_UNPACKED} bytes`);
  });

  it("is refused when it unpacks to more than it says", () => {
    const archive = zipOf({ bomb: Buffer.alloc(10_000_000) }, { claimedSize: 10 });
    expect(() => unpack(archive, folder)).toThrow("bomb is damaged");
  });

  it.each([
    ["no archive at all", Buffer.from("hello, this is not an archive at all")],
    ["an empty upload", Buffer.alloc(0)],
    ["one that is cut off", zipOf({ a: "x".repeat(1000) }).subarray(40)],
  ])("is refused: %s", (_what, archive) => {
    expect(() => unpack(archive, folder)).toThrow(expect.objectContaining({ name: "BadZip" }));
  });

  it("is refused when a file was changed", () => {
    const archive = zipOf({ a: "hello" }, { isStored: true });
    archive.write("J", archive.indexOf("hello"));
    expect(() => unpack(archive, folder)).toThrow("a is damaged");
  });
});
