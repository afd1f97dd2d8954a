/** Tables, found by rows that follow each other and whose pieces stand in the same columns. */
import type { Box, Word } from "../reading/messages.ts";
import { boxAround, type Line, rowsOf } from "./lines.ts";

export interface Cell extends Box {
  /** From 1. */
  readonly row: number;
  readonly column: number;
  readonly words: readonly Word[];
  readonly isHeader: boolean;
}

export interface Table extends Box {
  readonly cells: readonly Cell[];
  readonly lines: readonly Line[];
  readonly rowCount: number;
}

interface Span {
  readonly left: number;
  readonly right: number;
}

/** Rows farther apart than this many of their heights belong to different tables. */
const FAR = 2.5;

export function tablesOf(lines: readonly Line[]): Table[] {
  const tables: Table[] = [];
  let run: Line[][] = [];
  for (const row of rowsOf(lines)) {
    if (row.length >= 2 && fits(run, row)) {
      run.push(row);
      continue;
    }
    tables.push(...tableOf(run));
    run = row.length >= 2 ? [row] : [];
  }
  return [...tables, ...tableOf(run)];
}

function fits(run: readonly (readonly Line[])[], row: readonly Line[]): boolean {
  const last = run.at(-1);
  if (!last) return true;
  const [above, here] = [boxAround(last), boxAround(row)];
  if (here.top - above.bottom > FAR * (here.bottom - here.top)) return false;
  const columns = columnsOf([...run, row]);
  return columns.length >= 2 && [...run, row].every((one) => areApart(one, columns));
}

/** Pieces that stand above each other are one column. */
function columnsOf(rows: readonly (readonly Line[])[]): Span[] {
  const columns: Span[] = [];
  for (const { left, right } of rows.flat().sort((a, b) => a.left - b.left)) {
    const last = columns.at(-1);
    if (last && left < last.right)
      columns[columns.length - 1] = { left: last.left, right: Math.max(last.right, right) };
    else columns.push({ left, right });
  }
  return columns;
}

const columnOf = (line: Span, columns: readonly Span[]): number =>
  columns.findIndex(({ left, right }) => line.left >= left && line.right <= right);

function areApart(row: readonly Line[], columns: readonly Span[]): boolean {
  return new Set(row.map((line) => columnOf(line, columns))).size === row.length;
}

function tableOf(run: readonly (readonly Line[])[]): Table[] {
  const lines = run.flat();
  const columns = columnsOf(run);
  // Two columns are as often labels with their values: only many rows without a colon are a table.
  const isPairs = columns.length === 2 && (run.length < 3 || lines.some(({ text }) => text.endsWith(":")));
  if (run.length < 2 || columns.length < 2 || isPairs) return [];
  const hasHeader = !(run[0] ?? []).some(({ text }) => /\d/.test(text));
  const cells = run.flatMap((row, rowIndex) => {
    const { top, bottom } = boxAround(row);
    return columns.map((column, columnIndex): Cell => ({
      ...column,
      top,
      bottom,
      row: rowIndex + 1,
      column: columnIndex + 1,
      words: row.find((line) => columnOf(line, columns) === columnIndex)?.words ?? [],
      isHeader: hasHeader && rowIndex === 0,
    }));
  });
  return [{ ...boxAround(cells), cells, lines, rowCount: run.length }];
}
