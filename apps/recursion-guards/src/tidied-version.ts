/** From an event to a result: what all ways have in common. */
import { env } from "#shared/environment";
import type { S3Event } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { type Outcome, readText, type Version } from "./object-store.ts";
import { LoopDetected, withNextRound } from "./rounds.ts";
import { ObjectUnsuitable, type Result, type StoredText } from "./stored-text.ts";
import { tidyText } from "./tidy-text.ts";

const largestBytes = env.integer("LARGEST_BYTES", { least: 1_000, most: 20_000_000 });
const mostRounds = env.integer("MOST_ROUNDS", { least: 1, most: 100_000 });

/** The version that was created; undefined for events of any other kind. Throws ObjectUnsuitable where the bucket keeps no versions. */
export function createdVersion({ kind, bucket, key, versionId }: S3Event): Version | undefined {
  if (kind !== "created") return undefined;
  // Whatever becomes of it, also when no dead letter can be sent: this is what it was about.
  logger.info("version created", { bucket, key, versionId });
  if (versionId === undefined)
    throw new ObjectUnsuitable("The event names no version: the bucket must keep versions", { key });
  return { bucket, key, versionId };
}

/** The text of a version; undefined, and a line in the log, when the version is gone. */
export async function originalOf(version: Version): Promise<StoredText | undefined> {
  const original = await readText(version, largestBytes);
  if (original === undefined) logger.warn("the version is gone before it was processed", { ...version });
  return original;
}

/** The tidied text with all that its original carries, and one round more. Throws LoopDetected. */
export function tidied({ key }: Version, { text, headers, metadata, tags }: StoredText): Result {
  try {
    return { text: tidyText(text), headers, tags, metadata: withNextRound(key, metadata, mostRounds) };
  } catch (error) {
    if (error instanceof LoopDetected) count("LoopsDetected");
    throw error;
  }
}

/** Says what became of it. */
export function report(version: Version, outcome: Outcome): void {
  logger.info(outcome === "written" ? "result written" : "superseded by something newer", { ...version });
  count(outcome === "written" ? "ResultsWritten" : "ResultsSuperseded");
}
