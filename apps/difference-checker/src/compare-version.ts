/** Compares the version that an upload has made with the one before it, and keeps the newest versions. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3, type S3Event } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { describeChange, type Limits } from "./change.ts";
import { changeOf, recordChange } from "./change-log.ts";
import { retain } from "./retention.ts";
import { pairOf } from "./versions.ts";
import { versionsOf } from "./version-store.ts";

const limits: Limits = {
  longestBytes: env.integer("LONGEST_COMPARED_BYTES", { least: 1_000, most: 50_000_000, otherwise: 10_000_000 }),
  longestLogged: env.integer("LONGEST_LOGGED_CHARACTERS", { least: 0, most: 100_000, otherwise: 8_000 }),
};

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleS3({ putAside }, async ({ bucket, key, versionId = "null", sequencer, time }: S3Event) => {
  const versions = await versionsOf(bucket, key);
  const pair = pairOf(versions, versionId);
  if (!pair) {
    logger.warn("the version is gone before it was compared", { bucket, key, versionId });
    return;
  }
  if (!(await changeOf(bucket, key, versionId))) {
    const { change, logged } = await describeChange(
      { bucket, key, ...pair },
      { changedAt: time, ...(sequencer && { sequencer }) },
      limits,
    );
    // Logged before it is recorded: a crash in between logs twice, and loses nothing.
    logger.info("difference", {
      bucket,
      key,
      version: change.versionNumber,
      previous: pair.previous?.number,
      summary: change.summary,
      difference: logged,
    });
    if (await recordChange(change)) count("Changes");
  }
  // Listed anew: of several quick uploads, whichever is compared last sees all of them, and what the others have compared.
  await retain(bucket, key, await versionsOf(bucket, key));
});
