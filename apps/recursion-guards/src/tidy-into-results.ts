/** Two buckets: tidies a text and writes it under the same key into the other bucket, which notifies nobody. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { place } from "./object-store.ts";
import { createdVersion, originalOf, report, tidied } from "./tidied-version.ts";

const resultsBucket = env.text("RESULTS_BUCKET");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  const original = version && (await originalOf(version));
  if (!original) return;
  const result = tidied(version, original);
  report(version, await place({ bucket: resultsBucket, key: version.key }, event.sequencer ?? "", result));
});
