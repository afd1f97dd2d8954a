/** Marker: tidies a text unless its metadata say that exactly this text is a result of ours. Uploaders need to know nothing. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { isResult, marked } from "./marker.ts";
import { overwrite } from "./object-store.ts";
import { createdVersion, originalOf, report, tidied } from "./tidied-version.ts";

const guardIsBroken = env.flag("GUARD_IS_BROKEN");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  const original = version && (await originalOf(version));
  if (!original) return;
  if (!guardIsBroken && isResult(original.text, original.metadata)) {
    logger.info("this is a result", { ...version });
    return;
  }
  const result = tidied(version, original);
  const metadata = marked(result.text, result.metadata);
  report(version, await overwrite(version, original.eTag, { ...result, metadata }));
});
