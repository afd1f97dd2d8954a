/** Results as Athena writes them: every value in double quotes, a null as nothing at all. */

export type Value = string | null;

const quoted = (value: Value): string => (value === null ? "" : `"${value.replaceAll('"', '""')}"`);

export const writeCsv = (rows: readonly (readonly Value[])[]): string =>
  rows.map((row) => `${row.map(quoted).join(",")}\n`).join("");

/** Reads what writeCsv has written. */
export function readCsv(text: string): Value[][] {
  const rows: Value[][] = [];
  const item = /(?:"((?:[^"]|"")*)")?([,\n])/gy;
  let row: Value[] = [];
  for (let found = item.exec(text); found; found = item.exec(text)) {
    row.push(found[1] === undefined ? null : found[1].replaceAll('""', '"'));
    if (found[2] === ",") continue;
    rows.push(row);
    row = [];
  }
  return rows;
}
