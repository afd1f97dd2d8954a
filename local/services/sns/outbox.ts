/** Mails and SMS that would have left AWS. SNS and SES put them here; tests, demos and the console read them. */
import type { Cloud } from "../../core/cloud.ts";

export interface OutboxMessage {
  readonly id: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly kind: "email" | "sms";
  readonly from?: string;
  readonly to: readonly string[];
  readonly subject?: string;
  readonly text?: string;
  readonly html?: string;
  /** The whole mail as it was given (MIME), where it was. */
  readonly raw?: string;
  /** Who sent it: a topic's ARN, `sns`, `ses`. */
  readonly source: string;
}

/** Keeps a message in the stored map `outbox.messages`, oldest first, and says so by the signal `outbox.message`. */
export function addToOutbox(cloud: Cloud, message: Omit<OutboxMessage, "id" | "at">): OutboxMessage {
  const kept = { id: cloud.uuid(), at: new Date(cloud.clock.now()).toISOString(), ...message };
  cloud.storage.map<OutboxMessage>("outbox.messages").set(kept.id, kept);
  cloud.signals.emit("outbox.message", { kind: kept.kind, to: kept.to });
  return kept;
}
