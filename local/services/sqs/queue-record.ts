/** What a queue keeps, and where. */
import type { StoredMap } from "../../core/storage.ts";
import type { Receipts, SentMessage } from "./message.ts";

/** What survives a restart of a queue itself. */
export interface QueueRecord {
  readonly name: string;
  /** What was set; defaults are added when they are read. */
  readonly attributes: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Epoch milliseconds, like `modifiedAt` and `purgedAt`. */
  readonly createdAt: number;
  readonly modifiedAt: number;
  readonly purgedAt: number | undefined;
}

export interface QueueStorage {
  readonly messages: StoredMap<SentMessage>;
  readonly receipts: StoredMap<Receipts>;
}

/** A message before its queue has given it a place. */
export type Draft = Omit<SentMessage, "queueName" | "order" | "sequenceNumber">;
