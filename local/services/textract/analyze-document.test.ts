import { AnalyzeDocumentCommand, type Block, type FeatureType, TextractClient } from "@aws-sdk/client-textract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";
import { pdfOf, type Written } from "./pages-fixture.ts";

let cloud: TestCloud;
let textract: TextractClient;
beforeAll(async () => {
  cloud = await testCloud();
  textract = cloud.client(TextractClient);
});
afterAll(() => cloud.stop());

async function analyse(written: readonly Written[], ...FeatureTypes: FeatureType[]): Promise<Block[]> {
  const Document = { Bytes: await pdfOf(written) };
  return (await textract.send(new AnalyzeDocumentCommand({ Document, FeatureTypes }))).Blocks ?? [];
}

function related(blocks: readonly Block[], block: Block, type: string): Block[] {
  const ids = new Set(block.Relationships?.filter(({ Type }) => Type === type).flatMap(({ Ids = [] }) => Ids));
  return blocks.filter(({ Id = "" }) => ids.has(Id));
}
const textOf = (blocks: readonly Block[], block: Block): string =>
  related(blocks, block, "CHILD")
    .map(({ Text, SelectionStatus }) => Text ?? SelectionStatus)
    .join(" ");

/** Labels with their values, as somebody reads them who follows the relationships. */
function fields(blocks: readonly Block[]): string[][] {
  const keys = blocks.filter(({ EntityTypes }) => EntityTypes?.includes("KEY"));
  return keys.map((key) => [
    textOf(blocks, key),
    ...related(blocks, key, "VALUE").map((value) => textOf(blocks, value)),
  ]);
}

describe("a field", () => {
  it.each<[name: string, written: Written[], expected: string[][]]>([
    ["on one line", [["Invoice No: A-17", 50, 100]], [["Invoice No:", "A-17"]]],
    [
      "twice on one line",
      [["Date: 3 May 2026 Due Date: 5 June 2026", 50, 100]],
      [
        ["Date:", "3 May 2026"],
        ["Due Date:", "5 June 2026"],
      ],
    ],
    [
      "with its value to the right",
      [
        ["Payable to:", 50, 100],
        ["Acme Power", 200, 100],
      ],
      [["Payable to:", "Acme Power"]],
    ],
    [
      "with its value below",
      [
        ["Payable to:", 50, 100],
        ["Acme Power", 50, 114],
      ],
      [["Payable to:", "Acme Power"]],
    ],
    [
      "without a colon, a figure to the right",
      [
        ["Total due", 50, 100],
        ["$12.50", 400, 100],
      ],
      [["Total due", "$12.50"]],
    ],
    [
      "without a colon, a figure below",
      [
        ["Due date", 50, 100],
        ["Total", 300, 100],
        ["06/17/2026", 50, 115],
        ["99.00", 300, 115],
      ],
      [
        ["Due date", "06/17/2026"],
        ["Total", "99.00"],
      ],
    ],
    ["that was left empty", [["Signature:", 50, 100]], [["Signature:", ""]]],
    [
      "that is ticked",
      [["[x] Paid [ ] Open", 50, 100]],
      [
        ["Paid", "SELECTED"],
        ["Open", "NOT_SELECTED"],
      ],
    ],
    [
      "is none in running text",
      [
        ["We thank you for your order of 3 May.", 50, 100],
        ["Yours sincerely", 50, 130],
      ],
      [],
    ],
  ])("%s", async (_name, written, expected) => {
    expect(fields(await analyse(written, "FORMS"))).toEqual(expected);
  });

  it("has its place and a confidence, and the page knows it", async () => {
    const blocks = await analyse([["Invoice No: A-17", 50, 100]], "FORMS");
    const [key, value] = blocks.filter(({ BlockType }) => BlockType === "KEY_VALUE_SET");
    expect(key).toMatchObject({ EntityTypes: ["KEY"], Confidence: expect.closeTo(98.9, 0) });
    expect(value).toMatchObject({ EntityTypes: ["VALUE"], Geometry: { Polygon: { length: 4 } } });
    expect(value?.Geometry?.BoundingBox?.Left).toBeGreaterThan(key?.Geometry?.BoundingBox?.Left ?? 1);
    expect(blocks[0]?.Relationships?.[0]?.Ids).toEqual(expect.arrayContaining([key?.Id, value?.Id]));
  });

  it("is not looked for unless it is asked for", async () => {
    expect(fields(await analyse([["Invoice No: A-17", 50, 100]], "TABLES"))).toEqual([]);
  });
});

describe("a table", () => {
  const written: Written[] = [
    ["Item", 50, 100], ["Quantity", 250, 100], ["Price", 400, 100],
    ["Bolts, M6", 50, 116], ["100", 260, 116], ["4.20", 405, 116],
    ["Nuts", 50, 132], ["4.10", 405, 132],
    ["Washers", 50, 148], ["20", 260, 148], ["0.75", 405, 148],
  ]; // prettier-ignore

  it("has a cell for each row and column, empty ones too, and a header", async () => {
    const blocks = await analyse(written, "TABLES");
    const tables = blocks.filter(({ BlockType }) => BlockType === "TABLE");
    expect(tables).toHaveLength(1);
    const cells = tables.flatMap((table) => related(blocks, table, "CHILD"));
    const rows = [1, 2, 3, 4].map((row) =>
      cells.filter(({ RowIndex }) => RowIndex === row).map((cell) => textOf(blocks, cell)),
    );
    expect(rows).toEqual([
      ["Item", "Quantity", "Price"],
      ["Bolts, M6", "100", "4.20"],
      ["Nuts", "", "4.10"],
      ["Washers", "20", "0.75"],
    ]);
    expect(cells.filter(({ EntityTypes }) => EntityTypes?.includes("COLUMN_HEADER"))).toHaveLength(3);
  });

  it("is no form", async () => {
    expect(fields(await analyse(written, "FORMS", "TABLES"))).not.toContainEqual(["Quantity", "100"]);
  });

  it("is none in a list of labels and values", async () => {
    const blocks = await analyse(
      [
        ["Name:", 50, 100],
        ["Ada", 200, 100],
        ["Town:", 50, 116],
        ["York", 200, 116],
        ["Zip:", 50, 132],
        ["77", 200, 132],
      ],
      "TABLES",
    );
    expect(blocks.filter(({ BlockType }) => BlockType === "TABLE")).toEqual([]);
  });
});

describe("what is refused", () => {
  it.each([
    ["no feature", [], "InvalidParameterException"],
    ["an unknown feature", ["EVERYTHING"], "InvalidParameterException"],
    ["a feature that is not looked for here", ["SIGNATURES"], "NotImplemented"],
  ])("%s", async (_name, features, name) => {
    await expect(analyse([], ...(features as FeatureType[]))).rejects.toMatchObject({ name });
  });
});
