/** Erases from one object what the report names: nothing else, and nothing that came later. */
import { forget, indexVersion } from "./indexes/indexes.ts";
import { rowNumbers } from "./indexes/row-index.ts";
import {
  isMadeBy,
  type ListedVersion,
  ObjectChanged,
  removeVersions,
  versionOf,
  versionsOf,
} from "./objects/data-bucket.ts";
import { eraseRows } from "./objects/user-rows.ts";
import type { ReportedObject } from "./report.ts";

export type Outcome = "rewritten" | "removed" | "gone";

/** Somebody may upload all the time; the report is then made anew. */
const TRIES = 5;

/**
 * First the latest version is replaced by one without the rows, then that is indexed, then the versions of the report are removed, and
 * last the index forgets them. Cut short anywhere, a second run goes on. Throws RowsUnreadable, ObjectChanged.
 */
export async function eraseObject(requestId: string, object: ReportedObject): Promise<Outcome> {
  const { key } = object;
  const wasRewritten = object.kind === "rows" && (await rewriteLatest(requestId, object));
  const reported = new Set(object.versions.map(({ versionId }) => versionId));
  const doomed = (await versionsOf(key)).filter(({ versionId, isMarker }) => !isMarker && reported.has(versionId));
  await removeVersions(doomed);
  await removeLoneMarkers(await versionsOf(key));
  await forget(key, [...reported]);
  if (wasRewritten) return "rewritten";
  return doomed.length > 0 ? "removed" : "gone";
}

/** Answers whether the latest version is one of this request's. */
async function rewriteLatest(requestId: string, object: ReportedObject): Promise<boolean> {
  const { key, versions } = object;
  for (let tries = 1; ; tries += 1) {
    const [latest] = await versionsOf(key);
    if (!latest || latest.isMarker) return false;
    const version = await versionOf(key, latest.versionId);
    if (!version) continue;
    if (versions.some(({ versionId }) => isMadeBy(version, makerOf(requestId, versionId)))) {
      await indexVersion(key, version.versionId);
      return true;
    }
    const reported = versions.find(({ versionId }) => versionId === latest.versionId);
    // A later upload is not in the report: it stays as it is, and is found again if it holds something.
    if (!reported) return false;
    const users = reported.users.map(({ user }) => user);
    const rows = await rowNumbers(key, version.versionId, users);
    try {
      const maker = makerOf(requestId, version.versionId);
      await eraseRows(key, version, { rows, users: new Set(users), maker });
    } catch (error) {
      // Either somebody was quicker, or the answer to our own write got lost: the next look tells which.
      if (!(error instanceof ObjectChanged) || tries === TRIES) throw error;
    }
  }
}

/** Names a request and the version that it rewrote. */
export const makerOf = (requestId: string, versionId: string): string => `${requestId}/${versionId}`;

/** Where nothing is left but delete markers, they go as well: the key itself may name somebody. */
async function removeLoneMarkers(versions: readonly ListedVersion[]): Promise<void> {
  if (versions.every(({ isMarker }) => isMarker)) await removeVersions(versions);
}
