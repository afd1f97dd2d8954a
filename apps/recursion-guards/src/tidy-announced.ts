/** Rule: tidies a text and copies the result over it. The rule hears of uploads by their reason, and not of copies. */
import { createHash } from "node:crypto";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { copyOver, put } from "./object-store.ts";
import { createdVersion, originalOf, report, tidied } from "./tidied-version.ts";

const stagingBucket = env.text("STAGING_BUCKET");
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async (event) => {
  const version = createdVersion(event);
  const original = version && (await originalOf(version));
  if (!original) return;
  const result = tidied(version, original);
  // Of a fixed length, whatever the key, and the same for the same event.
  const key = createHash("sha256").update(JSON.stringify(version)).digest("hex");
  const staged = { bucket: stagingBucket, key };
  await put(staged, result);
  report(version, await copyOver(staged, version, original.eTag, result.headers));
});
