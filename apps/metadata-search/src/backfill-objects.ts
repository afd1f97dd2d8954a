/** Adds rows for objects that were there before the index: some pages of a listing at a time, until there are no more. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { fields } from "./fields.ts";
import { type IndexRow, orderOfListed, rowOf } from "./rows/index-row.ts";
import { appendRows, inTurns } from "./store/index-store.ts";
import { type Cursor, describeObject, type ListedVersion, listVersions } from "./store/object-reader.ts";

const bucket = env.text("SOURCE_BUCKET");
const PAGES = env.integer("BACKFILL_PAGES", { least: 1, most: 50, otherwise: 5 });
const OBJECTS_AT_A_TIME = 50;

const Input = z.object({
  prefix: z._default(z.string().check(z.maxLength(1024)), ""),
  cursor: z.optional(z.nullable(z.object({ key: z.string(), versionId: z.string(), position: z.int() }))),
});

/** `cursor` is where the next call goes on; null when all is done. */
export const handler = handle(
  { input: Input },
  async ({ prefix, cursor }): Promise<{ indexed: number; cursor: Cursor | null }> => {
    let at: Cursor | undefined = cursor ?? undefined;
    let indexed = 0;
    for (let pages = 0; pages < PAGES; pages++) {
      const { versions, next } = await listVersions(bucket, prefix, at);
      const rows: IndexRow[] = [];
      await inTurns(versions, async (version) => void rows.push(...(await rowsOf(version))), OBJECTS_AT_A_TIME);
      await appendRows(rows);
      indexed += rows.length;
      at = next;
      if (!next) break;
    }
    logger.info("backfilled", { indexed, isDone: at === undefined });
    return { indexed, cursor: at ?? null };
  },
);

/** No row for what was deleted since it was listed: its deletion is an event. */
async function rowsOf(version: ListedVersion): Promise<IndexRow[]> {
  const { key, versionId, isDeleteMarker, modifiedAt, position, size, eTag } = version;
  const description = isDeleteMarker ? undefined : await describeObject(bucket, key, versionId, eTag);
  if (!isDeleteMarker && !description) return [];
  const happening = {
    bucket,
    key,
    versionId,
    kind: isDeleteMarker ? "marker" : "created",
    name: "Listed",
    time: modifiedAt.toISOString(),
    eventOrder: orderOfListed(modifiedAt.getTime(), position),
    ...(isDeleteMarker ? {} : { size, eTag }),
  } as const;
  return [rowOf(happening, description, fields, new Date().toISOString())];
}
