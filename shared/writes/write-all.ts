/** Batch calls that may do half of what they were asked and still answer 200: what is left over is sent again, or the caller hears of it. */
import { setTimeout as pause } from "node:timers/promises";
import { AppError } from "../errors.ts";
import { logger } from "../observability/logger.ts";

/** An entry that a call did not take, and why. */
export interface LeftOver<Entry> {
  readonly entry: Entry;
  readonly code: string;
  /** No second try can help: the entry is wrong, or not allowed. */
  readonly isFinal?: boolean;
}

export interface BatchCall<Entry> {
  /** Entries that one call takes. */
  readonly most: number;
  /** Bytes that one call takes, and the bytes of an entry. An entry beyond it goes alone, for the service to refuse. */
  readonly mostBytes?: number;
  bytesOf?(entry: Entry): number;
  /** Makes the call and answers what it left over. */
  send(entries: readonly Entry[]): Promise<readonly LeftOver<Entry>[]>;
}

/** Entries that were not taken, after all tries. The others were. */
export class EntriesLeft extends AppError<{ left: number; of: number; codes: readonly string[] }> {
  override readonly retryable: boolean = true;
}

const TRIES = 8;
const FIRST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 5_000;

/** Sends all entries in as few calls as the limits allow. Throws EntriesLeft when some were refused, or left over eight times. */
export async function writeAll<Entry>(entries: readonly Entry[], call: BatchCall<Entry>): Promise<void> {
  const refused: LeftOver<Entry>[] = [];
  let open: readonly Entry[] = entries;
  let left: readonly LeftOver<Entry>[] = [];
  for (let tries = 0; open.length > 0 && tries < TRIES; tries += 1) {
    // Full jitter, so that many functions that were slowed down together do not come back together.
    if (tries > 0) await pause(Math.random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** tries));
    const leftOver: LeftOver<Entry>[] = [];
    for (const chunk of chunksOf(open, call)) leftOver.push(...(await call.send(chunk)));
    refused.push(...leftOver.filter(({ isFinal }) => isFinal));
    left = leftOver.filter(({ isFinal }) => !isFinal);
    open = left.map(({ entry }) => entry);
    if (open.length > 0) logger.debug("entries left over by a batch call", { left: open.length, of: entries.length });
  }
  const failed = [...refused, ...left];
  if (failed.length === 0) return;
  const codes = [...new Set(failed.map(({ code }) => code))];
  throw new EntriesLeft(`${failed.length} of ${entries.length} entries were not taken: ${codes.join(", ")}`, {
    left: failed.length,
    of: entries.length,
    codes,
  });
}

export function* chunksOf<Entry>(
  entries: readonly Entry[],
  { most, mostBytes = Infinity, bytesOf = () => 0 }: Omit<BatchCall<Entry>, "send">,
): Generator<readonly Entry[]> {
  let chunk: Entry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    const more = bytesOf(entry);
    if (chunk.length === most || (chunk.length > 0 && bytes + more > mostBytes)) {
      yield chunk;
      chunk = [];
      bytes = 0;
    }
    chunk.push(entry);
    bytes += more;
  }
  if (chunk.length > 0) yield chunk;
}

/** A service may ask again for an entry that it names by its position in the call. */
export function entryAt<Entry>(entries: readonly Entry[], id: string | number | undefined): Entry {
  const entry = entries[Number(id)];
  if (entry === undefined) throw new Error(`A batch call answered with the unknown entry ${id}`);
  return entry;
}
