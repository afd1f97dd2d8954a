/** Up to which moment a source has been read, for jobs that ask only for what changed since. */
import { AnswerUnexpected, at } from "../partner/answer.ts";
import type { Job } from "../job.ts";

/** The latest moment of change among records, ISO 8601 in UTC. Throws AnswerUnexpected for a record without one. */
export function latestChange(records: readonly unknown[], field: string): string | undefined {
  let latest: string | undefined;
  for (const [index, record] of records.entries()) {
    const value = at(record, field);
    const moment = typeof value === "string" ? Date.parse(value) : Number.NaN;
    if (Number.isNaN(moment))
      throw new AnswerUnexpected(`Record ${index} has no moment of change at "${field}"`, { field });
    const text = new Date(moment).toISOString();
    if (latest === undefined || text > latest) latest = text;
  }
  return latest;
}

/**
 * Where the next job begins: at the latest change that this one saw, but not after its own start. What changed while it ran may
 * have moved to a page that had been read already.
 */
export function nextWatermark(changes: readonly (string | undefined)[], startedAt: string): string | undefined {
  const latest = changes
    .filter((change) => change !== undefined)
    .sort()
    .at(-1);
  if (latest === undefined) return undefined;
  const start = new Date(startedAt).toISOString();
  return latest < start ? latest : start;
}

/** The address that asks for what changed since a moment; for everything where none is known. */
export function since({ url, incremental }: Pick<Job, "url" | "incremental">, moment: string | undefined): string {
  if (!incremental || moment === undefined) return url;
  const address = new URL(url);
  address.searchParams.set(incremental.parameter, moment);
  return address.href;
}
