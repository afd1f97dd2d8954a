/** Timestamps as ASL has them: RFC 3339 with capital T and Z or an offset. */
const TIMESTAMP = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Epoch milliseconds with fraction; undefined for what is not a timestamp. */
export function parseTimestamp(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const [, year, month, day, hour, minute, second, fraction = "", zone = ""] = TIMESTAMP.exec(text) ?? [];
  if (year === undefined) return undefined;
  const base = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}${zone}`);
  // Date.parse turns 30 February into 1 March: the day must survive.
  if (Number.isNaN(base) || Number(day) > new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate())
    return undefined;
  return base + Number(`0${fraction}`) * 1000;
}
