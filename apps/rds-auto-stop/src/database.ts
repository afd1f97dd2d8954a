/** Databases as this app sees them: who is to be stopped again, and what a status means for it. */

export interface DatabaseId {
  readonly kind: "instance" | "cluster";
  readonly id: string;
}

export interface Database extends DatabaseId {
  /** As RDS names it, such as `available` or `storage-full`. */
  readonly status: string;
  readonly tags: Readonly<Record<string, string>>;
  /** The cluster that an instance belongs to: it stops and starts with it. */
  readonly clusterId?: string;
}

/** Both are compared as wholes: `no-auto-restart-protection` or `yesterday` ask for nothing. The template's policy names the first too. */
const PROTECTION_TAG = "auto-restart-protection";
const EXCLUSION_TAG = "auto-restart-protection-paused";

/** Why a database is left running, or undefined when it is to be stopped. */
export function reasonToLeave({ tags, clusterId }: Database): string | undefined {
  if (clusterId !== undefined) return `it stops with its cluster ${clusterId}`;
  if (tags[PROTECTION_TAG] !== "yes") return `it is not tagged ${PROTECTION_TAG}=yes`;
  return tags[EXCLUSION_TAG] === "yes" ? `it is tagged ${EXCLUSION_TAG}=yes` : undefined;
}

/** Events by which RDS says that it started a database after seven days (Amazon RDS event categories and event messages). */
const AUTO_START: ReadonlyMap<string, DatabaseId["kind"]> = new Map([
  ["RDS-EVENT-0154", "instance"],
  ["RDS-EVENT-0153", "cluster"],
]);

/** The database that an event tells of, undefined for all other events. */
export function startedBy({
  EventID,
  SourceIdentifier,
}: {
  readonly EventID: string;
  readonly SourceIdentifier: string;
}): DatabaseId | undefined {
  const kind = AUTO_START.get(EventID);
  return kind && { kind, id: SourceIdentifier };
}

/** What to do next: stop it, be done, wait, or give up because no waiting helps. */
export type Phase = "available" | "stopped" | "moving" | "lost";

/** Statuses that end only by a person's hand (Viewing Amazon RDS DB instance status; Viewing DB cluster status in Aurora). */
const LOST = new Set([
  "deleted",
  "deleting",
  "failed",
  "incompatible-create",
  "incompatible-network",
  "incompatible-option-group",
  "incompatible-parameters",
  "incompatible-restore",
  "inaccessible-encryption-credentials",
  "inaccessible-encryption-credentials-recoverable",
  "insufficient-capacity",
  "cloning-failed",
  "migration-failed",
  "restore-error",
  "storage-full",
]);

/** A status unknown here counts as moving: the state machine bounds how long it waits. */
export function phaseOf(status: string): Phase {
  if (status === "available" || status === "stopped") return status;
  return LOST.has(status) ? "lost" : "moving";
}
