import { deflateSync } from "node:zlib";
import { PDFDocument, PDFName, PDFRawStream } from "pdf-lib";
import { afterAll, describe, expect, it } from "vitest";
import { pdfOf } from "../pages-fixture.ts";
import { createReader } from "./reader.ts";

const reader = createReader({ mostMsAPage: 2_500 });
afterAll(() => reader.stop());

/** A page drawn by one instruction over and over: a few kilobytes that become a hundred megabytes. */
async function bomb(instruction: string, times: number): Promise<Uint8Array> {
  const document = await PDFDocument.create();
  const page = document.addPage();
  const packed = deflateSync(Buffer.alloc(instruction.length * times, instruction), { level: 1 });
  const stream = PDFRawStream.of(document.context.obj({ Filter: "FlateDecode", Length: packed.length }), packed);
  page.node.set(PDFName.of("Contents"), document.context.register(stream));
  return document.save();
}

const textOf = async (bytes: Uint8Array) => {
  const answer = await reader.read(bytes, "pdf", 10);
  return typeof answer === "string"
    ? answer
    : answer.pages.map((page) => page?.words.map(({ text }) => text).join(" "));
};

describe("a hostile document", () => {
  it.each([
    ["that takes for ever is given up", () => bomb("q Q\n", 40_000_000)],
    [
      "nested without end is refused",
      () =>
        Buffer.concat([
          Buffer.from("%PDF-1.7\n1 0 obj\n"),
          Buffer.alloc(1_000_000, "["),
          Buffer.from("\nendobj\ntrailer<</Root 1 0 R>>"),
        ]),
    ],
  ])("%s, and the next one is read", { timeout: 20_000 }, async (_name, make) => {
    expect(await textOf(await make())).toBe("unreadable");
    expect(await textOf(await pdfOf([["Still alive", 50, 50]]))).toEqual(["Still alive"]);
  });
});

describe("documents", () => {
  it("are read in the order in which they come, each with its own answer", async () => {
    const texts = ["one", "two", "three", "four"];
    const all = await Promise.all(texts.map(async (text) => textOf(await pdfOf([[text, 50, 50]]))));
    expect(all).toEqual(texts.map((text) => [text]));
  });

  it("keep their good pages when one is broken", async () => {
    const document = await PDFDocument.load(
      await pdfOf([["first", 50, 50]], [["second", 50, 50]], [["third", 50, 50]]),
    );
    document.getPage(1).setSize(9_001, 100);
    expect(await textOf(await document.save())).toEqual(["first", undefined, "third"]);
  });

  it("are seen as their rotation turns them", async () => {
    const document = await PDFDocument.load(await pdfOf([["turned", 50, 50]]));
    document.getPage(0).node.set(PDFName.of("Rotate"), document.context.obj(90));
    const answer = await reader.read(await document.save(), "pdf", 1);
    const [page] = typeof answer === "string" ? [] : answer.pages;
    expect(page).toMatchObject({ width: 842, height: 595 });
    // What was 50 points from the top is now 50 points from the right.
    expect(page?.words[0]?.right).toBeGreaterThan(780);
  });

  it("of more pages than asked for are refused", async () => {
    expect(await reader.read(await pdfOf([], [], []), "pdf", 2)).toBe("too many pages");
  });
});
