/**
 * Keeps the indexes up with the bucket. A version never changes, so each is indexed by itself: the order of events does not matter, and
 * neither does how often they come. A delete marker takes nothing away: what is below it is still there.
 */
import { env } from "#shared/environment";
import { InputInvalid } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { count } from "#shared/observability/metrics";
import { forget, indexVersion } from "./indexes/indexes.ts";

const dataBucket = env.text("DATA_BUCKET");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async ({ bucket, kind, key, versionId = "null", isDeleteMarker }) => {
  // A refused list lies in the same dead letters. Redriven with what is beside it, it goes back there rather than for good.
  if (bucket !== dataBucket) throw new InputInvalid([{ field: "detail.bucket.name", problem: "not the data bucket" }]);
  if (kind === "created") {
    if (await indexVersion(key, versionId)) count("VersionsIndexed");
  } else if (kind === "removed" && !isDeleteMarker) {
    await forget(key, [versionId]);
    count("VersionsForgotten");
  }
});
