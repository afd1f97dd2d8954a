/** Prefix: tidies a text below the prefix and writes it to its key without the prefix, which the filter does not match. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { place } from "./object-store.ts";
import { resultKey } from "./result-key.ts";
import { createdVersion, originalOf, report, tidied } from "./tidied-version.ts";

const prefix = env.text("ORIGINAL_PREFIX");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  if (!version) return;
  const key = resultKey(version.key, prefix);
  const original = await originalOf(version);
  if (!original) return;
  const result = tidied(version, original);
  report(version, await place({ bucket: version.bucket, key }, event.sequencer ?? "", result));
});
