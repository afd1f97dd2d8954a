/** Dates as invoices print them, as ISO 8601. */

/** Which comes first in `06/07/2026`. */
export type DateOrder = "MDY" | "DMY";

const MONTHS: readonly (readonly string[])[] = [
  ["january", "januar", "janvier", "enero"],
  ["february", "februar", "fevrier", "febrero"],
  ["march", "marz", "maerz", "mars", "marzo"],
  ["april", "avril", "abril"],
  ["may", "mai", "mayo"],
  ["june", "juni", "juin", "junio"],
  ["july", "juli", "juillet", "julio"],
  ["august", "aout", "agosto"],
  ["september", "septembre", "septiembre", "sept"],
  ["october", "oktober", "octobre", "octubre"],
  ["november", "novembre", "noviembre"],
  ["december", "dezember", "decembre", "diciembre"],
];
const WEEKDAY = /^\p{L}+(day|tag|och)?\.?,\s*(?=.*\d)/iu;
const LONGEST = 40;

/**
 * Reads a text that is a date and nothing else: `06/17/2020`, `17.06.2020`, `2020-06-17`, `June 17, 2020`, `17 Jun 20`. The order decides where a date with
 * slashes or hyphens can be read both ways; with dots the day comes first. Answers undefined for what is no day of the calendar.
 */
export function parseDate(text: string, order: DateOrder): string | undefined {
  const plain = text.normalize("NFKD").replaceAll(/\p{M}/gu, "").trim();
  if (plain.length > LONGEST) return undefined;
  return numeric(plain, order) ?? worded(plain) ?? worded(plain.replace(WEEKDAY, ""));
}

function numeric(text: string, order: DateOrder): string | undefined {
  const iso = /^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})(T[\d:.Z+-]*)?$/.exec(text);
  if (iso) return dayOf(iso[1], iso[3], iso[4]);
  const found = /^(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})$/.exec(text);
  if (!found) return undefined;
  const [, first, mark, second, year] = found;
  const [monthFirst, dayFirst] = [dayOf(year, first, second), dayOf(year, second, first)];
  return order === "MDY" && mark !== "." ? (monthFirst ?? dayFirst) : (dayFirst ?? monthFirst);
}

function worded(text: string): string | undefined {
  const monthFirst = /^(\p{L}+)\.?[\s-]*(\d{1,2})(?:st|nd|rd|th)?[,\s-]+'?(\d{4}|\d{2})$/iu.exec(text);
  if (monthFirst) return dayOf(monthFirst[3], monthOf(monthFirst[1]), monthFirst[2]);
  const dayFirst = /^(\d{1,2})(?:st|nd|rd|th|er)?\.?[\s-]*(?:de )?(\p{L}+)\.?,?[\s-]*(?:de )?'?(\d{4}|\d{2})$/iu.exec(
    text,
  );
  return dayFirst ? dayOf(dayFirst[3], monthOf(dayFirst[2]), dayFirst[1]) : undefined;
}

/** A name, or three letters or more of its beginning that belong to one month only. */
function monthOf(name = ""): string | undefined {
  const lower = name.toLowerCase();
  if (lower.length < 3) return undefined;
  const months = MONTHS.flatMap((names, index) => (names.some((one) => one.startsWith(lower)) ? [index + 1] : []));
  const [month] = months;
  return month === undefined || months.length > 1 ? undefined : String(month);
}

/** Two figures of a year mean 1980 to 2079. */
function dayOf(year?: string, month?: string, day?: string): string | undefined {
  if (year === undefined || month === undefined || day === undefined) return undefined;
  const full = year.length === 2 ? Number(year) + (Number(year) < 80 ? 2000 : 1900) : Number(year);
  const date = new Date(Date.UTC(full, Number(month) - 1, Number(day)));
  const isReal = full >= 1000 && date.getUTCMonth() === Number(month) - 1 && date.getUTCDate() === Number(day);
  return isReal ? date.toISOString().slice(0, 10) : undefined;
}
