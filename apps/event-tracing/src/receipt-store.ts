/** What arrived where, once for each request and target. */
import { ConditionalCheckFailedException, PutItemCommand } from "@aws-sdk/client-dynamodb";
import { env } from "#shared/environment";
import { dynamodb } from "#shared/clients/dynamodb";
import type { RequestEvent } from "./request-event.ts";

const table = env.text("RECEIPTS_TABLE");
const keepDays = env.integer("KEEP_DAYS", { least: 1, most: 3_650 });

export interface Receipt {
  readonly request: RequestEvent;
  readonly eventId: string;
  /** Which of the targets this is, whatever the event says. */
  readonly receivedBy: "lambda" | "sfn" | "apigw";
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Answers whether this is the first time: events come at least once, and are replayed. */
export async function keep({ request, eventId, receivedBy, now }: Receipt): Promise<boolean> {
  const { correlationId, idempotencyKey, traceId } = request.metadata;
  const Item = {
    RequestId: { S: idempotencyKey },
    Target: { S: receivedBy },
    EventId: { S: eventId },
    CorrelationId: { S: correlationId },
    ...(traceId === undefined ? {} : { TraceId: { S: traceId } }),
    ReceivedAt: { S: new Date(now).toISOString() },
    ExpiresAt: { N: String(Math.floor(now / 1_000) + keepDays * 86_400) },
  };
  try {
    await dynamodb.send(
      new PutItemCommand({ TableName: table, Item, ConditionExpression: "attribute_not_exists(RequestId)" }),
    );
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw error;
  }
}
