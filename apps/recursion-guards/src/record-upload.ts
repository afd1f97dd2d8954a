/** Ledger, first part: writes an upload down once, unless it is a result that was announced. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { isResult, recordUpload } from "./ledger.ts";
import { createdVersion } from "./tidied-version.ts";

const guardIsBroken = env.flag("GUARD_IS_BROKEN");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  if (!version) return;
  const upload = { ...version, eTag: event.eTag, sequencer: event.sequencer };
  if (!guardIsBroken && (await isResult(upload))) {
    logger.info("this is a result", { ...version });
    return;
  }
  const isNew = await recordUpload(upload, Date.now());
  logger.info(isNew ? "upload recorded" : "upload known", { ...version });
});
