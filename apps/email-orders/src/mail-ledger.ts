/** One row for each mail that SES received: how it ended, and why. No words and no addresses. */
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import type { Received } from "./order-store.ts";

export interface Ending {
  readonly outcome: "accepted" | "rejected" | "dropped" | "duplicate" | "parked";
  readonly reason?: string;
  readonly orderId?: string;
}

const table = env.text("MAILS_TABLE");
const KEEP_DAYS = env.integer("KEEP_MAIL_DAYS", { least: 1, most: 3650, otherwise: 30 });

/** Answers false when it was written before. */
export async function writeEnding({ mailId, receivedAt }: Received, ending: Ending): Promise<boolean> {
  const expiresAt = Math.floor(Date.parse(receivedAt) / 1000) + KEEP_DAYS * 86_400;
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item: { mailId, receivedAt, expiresAt, ...ending },
        ConditionExpression: "attribute_not_exists(mailId)",
      }),
    );
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ConditionalCheckFailedException") return false;
    throw error;
  }
}
