/** Archives keep the events of a bus for replays. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { matchesPattern } from "../pattern.ts";
import type { BusEvent } from "../store.ts";

export interface Archive {
  readonly name: string;
  readonly arn: string;
  readonly busArn: string;
  readonly createdAt: number;
  description?: string | undefined;
  pattern?: string | undefined;
  /** 0 keeps for ever. */
  retentionDays: number;
  events: number;
  bytes: number;
}

export interface ArchivedEvent {
  readonly archive: string;
  readonly at: number;
  readonly event: BusEvent;
}

export interface Replay {
  readonly name: string;
  readonly arn: string;
  readonly archiveArn: string;
  readonly destination: { readonly arn: string; readonly rules: readonly string[] };
  readonly from: number;
  readonly to: number;
  readonly startedAt: number;
  description?: string | undefined;
  state: "STARTING" | "RUNNING" | "COMPLETED" | "CANCELLED" | "FAILED" | "CANCELLING";
  replayedUntil?: number | undefined;
  endedAt?: number | undefined;
}

export const archivesOf = (cloud: Cloud) => cloud.storage.map<Archive>("events.archives");
export const archivedEventsOf = (cloud: Cloud) => cloud.storage.map<ArchivedEvent>("events.archived");
export const replaysOf = (cloud: Cloud) => cloud.storage.map<Replay>("events.replays");

export function archiveNamed(cloud: Cloud, name: string | undefined): Archive {
  const archive = archivesOf(cloud).get(name ?? "");
  if (!archive) throw new ServiceError("ResourceNotFoundException", `Archive ${name ?? ""} does not exist.`);
  return archive;
}

/** Puts an event into every archive of its bus whose pattern it matches. */
export function archive(cloud: Cloud, busArn: string, event: BusEvent): void {
  for (const kept of archivesOf(cloud).values()) {
    if (kept.busArn !== busArn) continue;
    if (kept.pattern !== undefined && !matchesPattern(JSON.parse(kept.pattern) as object, event)) continue;
    archivedEventsOf(cloud).set(`${kept.name}/${event.id}`, { archive: kept.name, at: cloud.clock.now(), event });
    kept.events++;
    kept.bytes += JSON.stringify(event).length;
    archivesOf(cloud).set(kept.name, kept);
  }
}

/** Drops what is older than its archive's retention. */
export function expireArchived(cloud: Cloud): void {
  const now = cloud.clock.now();
  for (const [key, { archive: name, at }] of archivedEventsOf(cloud).entries()) {
    const days = archivesOf(cloud).get(name)?.retentionDays ?? 0;
    if (days > 0 && now - at > days * 86_400_000) archivedEventsOf(cloud).delete(key);
  }
}
