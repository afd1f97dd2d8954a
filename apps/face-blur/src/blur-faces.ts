/** Publishes an uploaded picture with its faces covered. Whatever fails, nothing is published. */
import { env } from "#shared/environment";
import { InputInvalid } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { lookForFaces } from "./faces/detect.ts";
import { hideFaces } from "./hide-faces.ts";
import { givesUpAfter } from "./last-try.ts";
import { reportOf } from "./report.ts";
import { settings } from "./settings.ts";
import { isWanted, publish } from "./store/gallery.ts";
import { saveReport } from "./store/reports.ts";
import { checkKey, fetchUpload } from "./store/uploads.ts";

const options = {
  idempotent: givesUpAfter(settings.tries),
  putAside: sendToDeadLetters(env.text("DEAD_LETTERS_URL")),
};

export const handler = handleS3(options, async ({ bucket, key, kind, versionId = "null", sequencer, time }) => {
  if (kind !== "created") return;
  checkKey(key);
  if (sequencer === undefined) throw new InputInvalid([{ field: "object.sequencer", problem: "missing" }]);
  const origin = { key, versionId, sequencer };
  if (!(await isWanted(settings.destinationBucket, origin))) {
    logger.info("published before", { key, versionId });
    return;
  }
  const upload = await fetchUpload({ bucket, key, versionId }, settings.mostBytes);
  if (!upload) {
    logger.warn("the picture is gone before it was looked at", { key, versionId });
    return;
  }
  const hidden = await hideFaces(upload.bytes, lookForFaces, settings);
  const { publishesWithoutFaces, cover } = settings;
  const report = reportOf({ key, versionId, time }, hidden, { method: cover.method, publishesWithoutFaces });
  // Before the picture: what is published is never without its report.
  await saveReport(settings.reportsBucket, report);
  const isPublished =
    report.outcome !== "withheld" &&
    (await publish(settings.destinationBucket, origin, { ...hidden, attributes: upload.attributes }));

  if (isPublished) count("PicturesPublished");
  count("FacesCovered", report.count);
  const { outcome, count: faces, looks } = report;
  logger.info("picture done", { key, versionId, outcome, faces, looks, isPublished });
});
