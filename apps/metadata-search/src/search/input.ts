/** What may be asked: days, pages, and texts of bounded length. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { InputInvalid } from "#shared/errors";
import { dayIn } from "../rows/index-row.ts";

const EARLIEST_DAY = env.text("EARLIEST_DAY");

const text = z.string().check(z.minLength(1), z.maxLength(1000));
const day = z
  .string()
  .check(z.refine((value) => dayIn(value) === value && value.length === 10, "a day such as 2030-01-07"));
const pairs = z.record(text, text).check(z.refine((value) => Object.keys(value).length <= 10, "at most 10 names"));
const limit = z._default(z.int().check(z.minimum(1), z.maximum(999)), 50);

export const Days = { from: z.optional(day), to: z.optional(day), limit };
export const NextPage = z.strictObject({ nextToken: z.string().check(z.minLength(1)), limit });
export const Search = z.strictObject({
  bucket: z.optional(text),
  key: z.optional(text),
  keyPrefix: z.optional(text),
  name: z.optional(text),
  nameContains: z.optional(text),
  customer: z.optional(text),
  category: z.optional(text),
  metadata: z.optional(pairs),
  tags: z.optional(pairs),
  receivedFrom: z.optional(day),
  receivedTo: z.optional(day),
  ...Days,
});

/** The days that are asked for; from the first one that the table knows to today where nothing is said. Throws InputInvalid. */
export function daysOf({ from, to }: { from?: string | undefined; to?: string | undefined }, now: Date) {
  const first = from === undefined || from < EARLIEST_DAY ? EARLIEST_DAY : from;
  const last = to ?? now.toISOString().slice(0, 10);
  // Uploads before the first day of the table are kept under it.
  const until = last < EARLIEST_DAY ? EARLIEST_DAY : last;
  if (from !== undefined && from > last) throw new InputInvalid([{ field: "from", problem: "after `to`" }]);
  return { from: first, to: until };
}
