/** The versions of one object: their order, their numbers, and which are kept. */

export interface Version {
  readonly versionId: string;
  readonly size: number;
  readonly isDeleteMarker: boolean;
  /** ISO 8601. */
  readonly storedAt: string;
}

export interface NumberedVersion extends Version {
  /** 1 is the oldest. Delete markers are not numbered. */
  readonly number: number;
}

/**
 * Numbers the contents in the order in which they were stored. Takes versions as S3 lists them, the most recently stored first
 * (ListObjectVersions): the times alone have a resolution of a second and cannot tell quick uploads apart.
 */
export function numberVersions(newestFirst: readonly Version[]): NumberedVersion[] {
  return newestFirst
    .filter(({ isDeleteMarker }) => !isDeleteMarker)
    .reverse()
    .map((version, index) => ({ ...version, number: index + 1 }));
}

export interface Pair {
  readonly current: NumberedVersion;
  /** Absent for the first version. */
  readonly previous?: NumberedVersion;
}

/** A version and the one stored before it, or undefined when the version is gone. */
export function pairOf(versions: readonly NumberedVersion[], versionId: string): Pair | undefined {
  const index = versions.findIndex((version) => version.versionId === versionId);
  const current = versions[index];
  const previous = versions[index - 1];
  return current && { current, ...(previous ? { previous } : {}) };
}

/** A notification is delivered within a day (retention of the queue); after that nobody asks for the version before it. */
const SETTLED_AFTER_MS = 86_400_000;

/**
 * What retention by count removes: all but the newest `keep`. A version stays while it or the one after it waits for its
 * comparison, so that quick uploads lose no difference. `isCompared` tells whether a version's own comparison is done.
 */
export function surplus(
  versions: readonly NumberedVersion[],
  keep: number,
  isCompared: (versionId: string) => boolean,
  now: Date,
): NumberedVersion[] {
  const isSettled = ({ versionId, storedAt }: NumberedVersion) =>
    isCompared(versionId) || now.getTime() - Date.parse(storedAt) > SETTLED_AFTER_MS;
  return versions.filter((version) => {
    const next = versions[version.number];
    return versions.length - version.number >= keep && next !== undefined && isSettled(version) && isSettled(next);
  });
}
