/** Takes blank rows out of objects, some objects at a time, and indexes them anew: their rows have other numbers then. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { forget, indexVersion } from "./indexes/indexes.ts";
import { blankedVersions, leaveBlanks } from "./indexes/row-index.ts";
import { isMadeBy, ObjectChanged, removeVersions, versionOf, versionsOf } from "./objects/data-bucket.ts";
import { dropBlankRows } from "./objects/user-rows.ts";

const atATime = env.integer("VACUUM_OBJECTS", { least: 1, most: 1_000, otherwise: 20 });

export const handler = handle({ input: z.object({}) }, async () => {
  let vacuumed = 0;
  const failures: unknown[] = [];
  for (const { key, versionId } of await blankedVersions(atATime)) {
    try {
      if (await vacuum(key, versionId)) vacuumed += 1;
    } catch (error) {
      // One object that cannot be rewritten does not keep the others waiting for ever; the run fails in the end.
      failures.push(error);
    }
  }
  count("ObjectsVacuumed", vacuumed);
  logger.info("vacuumed", { vacuumed, failed: failures.length });
  if (failures.length > 0) throw failures[0];
  return { vacuumed };
});

/** Answers false for a version that is not the latest of its object: it keeps its blanks until it goes. */
async function vacuum(key: string, versionId: string): Promise<boolean> {
  const maker = `vacuum/${versionId}`;
  const version = await versionOf(key, versionId);
  if (!version) {
    await forget(key, [versionId]);
    return false;
  }
  const [latest] = await versionsOf(key);
  const isLatest = latest?.versionId === versionId && !latest.isMarker;
  if (isLatest) {
    try {
      await dropBlankRows(key, version, maker);
    } catch (error) {
      if (!(error instanceof ObjectChanged)) throw error;
    }
  }
  const [now] = await versionsOf(key);
  const made = now && !now.isMarker ? await versionOf(key, now.versionId) : undefined;
  if (!made || !isMadeBy(made, maker)) {
    if (!isLatest) await leaveBlanks(key, versionId);
    return false;
  }
  await indexVersion(key, made.versionId);
  await removeVersions([{ key, versionId, isMarker: false }]);
  await forget(key, [versionId]);
  return true;
}
