/** The blocks of a page: its text, and the forms and tables that are asked for. */
import type { Block, FeatureType } from "@aws-sdk/client-textract";
import type { Page, Word } from "../reading/messages.ts";
import { confidenceOf, PageBlocks } from "./blocks.ts";
import { type Field, fieldsOf } from "./fields.ts";
import { boxAround } from "./lines.ts";
import { type Table, tablesOf } from "./tables.ts";

/** A header with one row of values below it is a row of labels too. */
const ROWS_OF_A_LIST = 3;

export function analyse(
  page: Page,
  features: readonly FeatureType[],
  number: number | undefined,
  newId: () => string,
): Block[] {
  const made = new PageBlocks(page, number, newId);
  const tables = tablesOf(made.lines);
  if (features.includes("FORMS")) {
    const inLists = new Set(tables.filter(({ rowCount }) => rowCount >= ROWS_OF_A_LIST).flatMap(({ lines }) => lines));
    for (const field of fieldsOf(made.lines, (line) => inLists.has(line))) addField(made, field);
  }
  if (features.includes("TABLES")) for (const table of tables) addTable(made, table);
  return made.blocks;
}

/** A label and its value are two blocks: the label points at the value, each at its words. */
function addField(made: PageBlocks, { key, value, isTicked, certainty }: Field): void {
  const Confidence = certainty * confidenceOf([...key, ...value]);
  const keyBlock = made.add("KEY_VALUE_SET", boxAround(key), { EntityTypes: ["KEY"], Confidence });
  // A field that was left empty has a value without words, where its label is.
  const place = boxAround(value.length > 0 ? value : key);
  const valueBlock = made.add("KEY_VALUE_SET", place, { EntityTypes: ["VALUE"], Confidence });
  made.relate(keyBlock, "VALUE", [valueBlock.Id]);
  made.relate(keyBlock, "CHILD", made.idsOf(key));
  made.relate(valueBlock, "CHILD", isTicked === undefined ? made.idsOf(value) : [addBox(made, value, isTicked)]);
  made.addToPage([keyBlock.Id, valueBlock.Id]);
}

function addBox(made: PageBlocks, box: readonly Word[], isTicked: boolean): string {
  return made.add("SELECTION_ELEMENT", boxAround(box), {
    Confidence: confidenceOf(box),
    SelectionStatus: isTicked ? "SELECTED" : "NOT_SELECTED",
  }).Id;
}

function addTable(made: PageBlocks, table: Table): void {
  const words = table.cells.flatMap((cell) => cell.words);
  const tableBlock = made.add("TABLE", table, { Confidence: confidenceOf(words), EntityTypes: ["STRUCTURED_TABLE"] });
  const ids = table.cells.map((cell) => {
    const block = made.add("CELL", cell, {
      Confidence: cell.words.length > 0 ? confidenceOf(cell.words) : confidenceOf(words),
      RowIndex: cell.row,
      ColumnIndex: cell.column,
      RowSpan: 1,
      ColumnSpan: 1,
      ...(cell.isHeader ? { EntityTypes: ["COLUMN_HEADER"] as const } : {}),
    });
    made.relate(block, "CHILD", made.idsOf(cell.words));
    return block.Id;
  });
  made.relate(tableBlock, "CHILD", ids);
  made.addToPage([tableBlock.Id]);
}
