/** Adds a row to the index for each upload, overwrite and deletion; the rows of one batch go into one file a day. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { type S3Event, s3EventsOf } from "#shared/events/s3";
import { handleTogether } from "#shared/events/together";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { fields, required } from "./fields.ts";
import { type IndexRow, orderOfEvent, rowOf } from "./rows/index-row.ts";
import { missingIn } from "./rows/required-metadata.ts";
import { appendRows } from "./store/index-store.ts";
import { describeObject } from "./store/object-reader.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const OBJECTS_AT_A_TIME = 50;

export const handler = handleTogether(
  s3EventsOf,
  { putAside, concurrency: OBJECTS_AT_A_TIME },
  {
    each: ({ input }) => rowOfEvent(input),
    async all(found) {
      const rows = found.filter((row) => row !== undefined);
      await appendRows(rows);
      logger.info("indexed", { rows: rows.length });
      count("RowsIndexed", rows.length);
      count("ObjectsIncomplete", rows.filter((row) => missingIn(row, required).length > 0).length);
    },
  },
);

/** Undefined for events that change nothing of what the index tells. */
async function rowOfEvent(event: S3Event): Promise<IndexRow | undefined> {
  const { bucket, key, versionId = "null", name, time, size, eTag } = event;
  if (event.kind !== "created" && event.kind !== "removed") return undefined;
  const kind = event.kind === "created" ? "created" : event.isDeleteMarker ? "marker" : "deleted";
  const happening = {
    ...({ bucket, key, versionId, kind, name, time } as const),
    eventOrder: orderOfEvent(event.sequencer, time),
    ...(size !== undefined && { size }),
    ...(eTag !== undefined && { eTag }),
  };
  const description = kind === "created" ? await describeObject(bucket, key, versionId, eTag) : undefined;
  return rowOf(happening, description, fields, new Date().toISOString());
}
