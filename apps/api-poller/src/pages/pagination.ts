/** How partners cut their records into pages, and the words that they use for it. Part of what a job says. */
import * as z from "zod/mini";

/** A query parameter. */
const Parameter = z.string().check(z.regex(/^[\w.[\]$-]{1,64}$/));
/** Where something is in an answer: `meta.total`; nothing is the answer itself. */
const Field = z.string().check(z.regex(/^(\w[\w-]*(\.\w[\w-]*)*)?$/), z.maxLength(200));
const Size = z.int().check(z.minimum(1), z.maximum(10_000));

/** `?startAt=200&count=100`. The defaults are the words of the bundled sample. */
const Offset = z.strictObject({
  type: z.literal("offset"),
  startParameter: z._default(Parameter, "startAt"),
  countParameter: z._default(Parameter, "count"),
  recordsField: z._default(Field, "payload"),
  totalField: z._default(Field, "totalRecords"),
  /** Where the partner says how many records it gives at most; ignored when `pageSize` is there. */
  pageSizeField: z._default(Field, "maxRecordsPerPage"),
  pageSize: z.optional(Size),
});

/** `?page=3&per_page=100`. */
const PageNumber = z.strictObject({
  type: z.literal("page"),
  pageParameter: z._default(Parameter, "page"),
  sizeParameter: z._default(Parameter, "per_page"),
  firstPage: z._default(z.int().check(z.minimum(0), z.maximum(1)), 1),
  pageSize: z._default(Size, 100),
  recordsField: z._default(Field, "items"),
  totalField: z._default(Field, "total"),
});

/** Each answer holds the cursor, or the whole address, of the next page; the last one holds none. */
const Cursor = z.strictObject({
  type: z.literal("cursor"),
  cursorParameter: z._default(Parameter, "cursor"),
  nextField: z._default(Field, "next"),
  recordsField: z._default(Field, "items"),
});

/** Each answer has a header `Link: <address>; rel="next"` (RFC 8288); the last one has none. */
const Link = z.strictObject({ type: z.literal("link"), recordsField: z._default(Field, "") });

export const Pagination = z.discriminatedUnion("type", [Offset, PageNumber, Cursor, Link]);
export type Pagination = z.infer<typeof Pagination>;

/** Any page can be asked for at once, as the total is known: pages are fetched in parallel. */
export type Numbered = Extract<Pagination, { type: "offset" | "page" }>;
/** Only a page tells where the next one is: pages are fetched one after the other. */
export type Chained = Extract<Pagination, { type: "cursor" | "link" }>;

export const isNumbered = (pagination: Pagination): pagination is Numbered =>
  pagination.type === "offset" || pagination.type === "page";
