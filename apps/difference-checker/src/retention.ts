/** Retention by count: removes what is older than the newest versions. */
import { env } from "#shared/environment";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { comparedAmong } from "./change-log.ts";
import { type NumberedVersion, surplus } from "./versions.ts";
import { isRetained, removeVersions } from "./version-store.ts";

const keepVersions = env.integer("KEEP_VERSIONS", { least: 1, most: 10_000, otherwise: 3 });
const isDryRun = env.flag("DRY_RUN");
const keepsTagged = env.flag("KEEP_TAGGED");

export async function retain(bucket: string, key: string, versions: readonly NumberedVersion[]): Promise<void> {
  if (versions.length <= keepVersions) return;
  // The surplus ones and the one after the last of them.
  const candidates = versions.slice(0, versions.length - keepVersions + 1).map(({ versionId }) => versionId);
  const compared = await comparedAmong(bucket, key, candidates);
  const old = surplus(versions, keepVersions, (versionId) => compared.has(versionId), new Date());
  const removable: NumberedVersion[] = [];
  for (const version of old)
    if (!keepsTagged || !(await isRetained(bucket, key, version.versionId))) removable.push(version);
  if (removable.length === 0) return;
  if (!isDryRun) await removeVersions(bucket, key, removable);
  logger.info(isDryRun ? "versions would be removed" : "versions removed", {
    bucket,
    key,
    versions: removable.map(({ number }) => number),
  });
  if (!isDryRun) count("VersionsRemoved", removable.length);
}
