/** The orders, accepted and rejected, by the sender's address and number; and whether they have been answered. */
import { PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { InProgress, NotFound } from "#shared/errors";
import type { Answerable } from "./answer.ts";
import type { Accepted, Rejected } from "./outcome.ts";

export interface Received {
  readonly mailId: string;
  /** ISO 8601. */
  readonly receivedAt: string;
}

export interface OrderKey {
  readonly email: string;
  readonly orderId: string;
}

export type ToAnswer = Answerable & { readonly answerTo: string; readonly messageId?: string };

const table = env.text("ORDERS_TABLE");
const KEEP_REJECTED_DAYS = env.integer("KEEP_MAIL_DAYS", { least: 1, most: 3650, otherwise: 30 });
/** As long as one attempt to answer may take, and a little more. */
const CLAIM_SECONDS = 60;

/** Keeps an order. Answers false when the same sender's mail with this Message-ID came before, as another mail. */
export async function keepOrder(decided: Accepted | Rejected, { mailId, receivedAt }: Received): Promise<boolean> {
  const { kind, ...order } = decided;
  const Item = {
    ...order,
    status: kind === "accepted" ? "ACCEPTED" : "REJECTED",
    mailId,
    receivedAt,
    // Epoch seconds. Accepted orders stay.
    expiresAt:
      kind === "rejected" ? Math.floor(Date.parse(receivedAt) / 1000) + KEEP_REJECTED_DAYS * 86_400 : undefined,
  };
  try {
    await documents.send(
      new PutCommand({
        TableName: table,
        Item,
        // The same mail once more is a retry of ours, which changes nothing and goes on to the answer.
        ConditionExpression: "attribute_not_exists(orderId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return true;
  } catch (error) {
    const before = itemOf(error);
    if (before === undefined) throw error;
    return before["mailId"]?.S === mailId;
  }
}

/**
 * Takes an order for answering: for a minute no other attempt gets it. Undefined when it has been answered. Throws InProgress while
 * another attempt has it, and NotFound when there is none, or none to be answered.
 */
export async function claimAnswer(
  { email, orderId }: OrderKey,
  claimant: string,
  now: number,
): Promise<ToAnswer | undefined> {
  try {
    const { Attributes } = await documents.send(
      new UpdateCommand({
        TableName: table,
        Key: { email, orderId },
        UpdateExpression: "SET claimedBy = :claimant, claimedUntil = :until",
        ConditionExpression:
          "attribute_exists(answerTo) AND attribute_not_exists(answeredAt) AND (attribute_not_exists(claimedUntil) OR claimedUntil < :now OR claimedBy = :claimant)",
        ExpressionAttributeValues: { ":claimant": claimant, ":until": now + CLAIM_SECONDS * 1000, ":now": now },
        ReturnValues: "ALL_NEW",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    // Written by keepOrder and by nobody else.
    return Attributes as ToAnswer | undefined;
  } catch (error) {
    if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") throw error;
    const found = itemOf(error);
    if (found?.["answeredAt"]) return undefined;
    if (found?.["answerTo"]) throw new InProgress("The order is being answered", { retryAfterSeconds: CLAIM_SECONDS });
    throw new NotFound("There is no such order to answer");
  }
}

export async function markAnswered({ email, orderId }: OrderKey, now: number): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: table,
      Key: { email, orderId },
      UpdateExpression: "SET answeredAt = :now REMOVE claimedBy, claimedUntil",
      ExpressionAttributeValues: { ":now": new Date(now).toISOString() },
    }),
  );
}

/** The item that a failed condition found, as DynamoDB writes it; undefined for other errors and where there was none. */
function itemOf(error: unknown): Readonly<Record<string, { S?: string }>> | undefined {
  if (!(error instanceof Error) || error.name !== "ConditionalCheckFailedException") return undefined;
  return "Item" in error && typeof error.Item === "object" && error.Item !== null ? { ...error.Item } : undefined;
}
