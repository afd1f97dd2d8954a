import fc from "fast-check";
import { parse } from "csv-parse/sync";
import { describe, expect, it } from "vitest";
import { CSV, editRows, NDJSON, readRows, type RowSyntax } from "./edit-rows.ts";

async function* pieces(text: string, size: number): AsyncGenerator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
const edit = async (text: string, syntax: RowSyntax, verdicts: Record<number, "blank" | "drop">, size = 3) => {
  const out: Buffer[] = [];
  for await (const piece of editRows(pieces(text, size), syntax, (row) => verdicts[row] ?? "keep")) out.push(piece);
  return Buffer.concat(out).toString();
};
const rowsOf = async (text: string, syntax: RowSyntax, size = 3) => {
  const found: string[] = [];
  await readRows(pieces(text, size), syntax, (_row, bytes, start, end) => {
    found.push(bytes.toString("utf8", start, end));
  });
  return found;
};

describe("rows", () => {
  it.each([
    ["a blank row leaves its line", "a\nb\nc\n", { 1: "blank" }, "a\n{}\nc\n"],
    ["a dropped row leaves nothing", "a\nb\nc\n", { 1: "drop" }, "a\nc\n"],
    ["the last row may end without a line end", "a\nb", { 1: "blank" }, "a\n{}"],
    ["and be dropped", "a\nb", { 1: "drop" }, "a\n"],
    ["carriage returns stay with their line", "a\r\nb\r\n", { 0: "blank" }, "{}\r\nb\r\n"],
    ["empty rows count", "\n\nc\n", { 2: "blank" }, "\n\n{}\n"],
    ["several in a row", "a\nb\nc\nd\n", { 1: "drop", 2: "blank", 3: "drop" }, "a\n{}\n"],
    ["nothing is nothing", "", { 0: "blank" }, ""],
  ] as const)("%s", async (_name, text, verdicts, expected) => {
    for (const size of [1, 2, 3, 100]) expect(await edit(text, NDJSON, verdicts, size)).toBe(expected);
  });

  it("of CSV may hold line ends within quotes", async () => {
    expect(await edit('h\n"a\n""b""\n",1\nc\n', CSV, { 1: "blank" })).toBe("h\n\nc\n");
  });

  it("that are all kept come out as they went in, whatever the pieces", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string(),
        fc.integer({ min: 1, max: 9 }),
        fc.constantFrom(NDJSON, CSV),
        async (text, size, syntax) => {
          expect(await edit(text, syntax, {}, size)).toBe(Buffer.from(text).toString());
        },
      ),
    );
  });

  it("of a text are what splitting it gives", async () => {
    const text = fc.string({ unit: fc.constantFrom("a", "\n", '"', "é", "{") });
    await fc.assert(
      fc.asyncProperty(text, fc.integer({ min: 1, max: 9 }), async (content, size) => {
        const lines = content.split("\n");
        if (lines.at(-1) === "") lines.pop();
        expect(await rowsOf(content, NDJSON, size)).toEqual(lines);
      }),
    );
  });

  it("of CSV are the records that a whole parser finds", async () => {
    const field = fc.string({ unit: fc.constantFrom("a", ",", "\n", '"', "\r\n", "ü"), maxLength: 6 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(field, { minLength: 2, maxLength: 3 }), { minLength: 1 }),
        fc.integer({ min: 1, max: 9 }),
        async (records, size) => {
          const text = records
            .map((record) => record.map((value) => `"${value.replaceAll('"', '""')}"`).join(","))
            .join("\r\n");
          const found = await rowsOf(text, CSV, size);
          const options = { relax_column_count: true, record_delimiter: "\r\n" };
          expect(found.map((row) => (parse(row, options) as string[][])[0])).toEqual(parse(text, options));
        },
      ),
    );
  });

  it("without an end are refused before they fill the memory", async () => {
    const endless = editRows(pieces("x".repeat(5_000), 100), NDJSON, () => "keep", 1_000);
    await expect(
      (async () => {
        for await (const _ of endless);
      })(),
    ).rejects.toMatchObject({ name: "RowTooLong" });
  });
});
