/** Metadata: tidies a text that its uploader marked original=true, and writes it back without the mark. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { metadataOf, overwrite } from "./object-store.ts";
import { isOriginal, withoutMark } from "./original-mark.ts";
import { createdVersion, originalOf, report, tidied } from "./tidied-version.ts";

const guardIsBroken = env.flag("GUARD_IS_BROKEN");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  if (!version) return;
  // The metadata alone first: what is no original is not read.
  if (!isOriginal((await metadataOf(version)) ?? {})) {
    logger.info("Exiting - this is not the original object.", { ...version });
    return;
  }
  const original = await originalOf(version);
  if (!original) return;
  const result = tidied(version, original);
  const metadata = guardIsBroken ? result.metadata : withoutMark(result.metadata);
  report(version, await overwrite(version, original.eTag, { ...result, metadata }));
});
