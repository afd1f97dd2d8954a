/** A request and its quotes, in one partition. A quote counts only together with its request being open, so a closed request stays as it is. */
import { setTimeout as sleep } from "node:timers/promises";
import { PutCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError, NotFound, Unavailable } from "#shared/errors";
import { Money } from "../fare/fare.ts";
import { type Offer, type Quote, QuoteRequest } from "./quote.ts";

export class RequestNotFound extends NotFound<{ rfqId: string }> {}

/** The quote is in another currency than was asked for. */
export class CurrencyRefused extends AppError<{ rfqId: string }> {
  override readonly status = 422;
}

const QUOTES = env.text("QUOTES_TABLE");
/** In the place of a responder: the request itself. It begins with no letter, so no responder can be called so. */
const REQUEST = "-";
const MOST_TRIES = 8;

const Request = z.object({
  ...z.object(QuoteRequest.shape).shape,
  status: z.enum(["OPEN", "CLOSED"]),
  closesAt: z.string(),
  quorum: z.number(),
  closedBy: z.optional(z.string()),
  lateResponders: z.optional(z.set(z.string())),
});
const QuoteRow = z.object({ responder: z.string(), quote: Money, receivedAt: z.string() });

export interface Opening {
  readonly closesAt: string;
  readonly quorum: number;
  /** Epoch seconds. */
  readonly expiresAt: number;
}

export async function openRequest(id: string, request: QuoteRequest, opening: Opening): Promise<void> {
  await documents.send(
    new PutCommand({
      TableName: QUOTES,
      Item: { id, responder: REQUEST, ...request, ...opening, status: "OPEN", quoteCount: 0 },
    }),
  );
}

/** Keeps a quote if it is in time and its responder's first, and closes the request with the quote that makes the quorum. */
export async function keepQuote(quote: Quote, now: Date, expiresAt: number): Promise<"counted" | "known" | "late"> {
  for (let tries = 1; ; tries++) {
    const result = await countQuote(quote, now, expiresAt);
    if (result === "late") return noteLate(quote["rfq-id"], quote.responder);
    if (result !== "busy") {
      await closeAtQuorum(quote["rfq-id"], now.toISOString());
      return result;
    }
    if (tries === MOST_TRIES) throw new Unavailable("Too many quotes came at once", {});
    // To wait for the queue would be to miss the deadline.
    await sleep(50 * tries + Math.random() * 50);
  }
}

async function countQuote(given: Quote, now: Date, expiresAt: number): Promise<"counted" | "known" | "late" | "busy"> {
  const { "rfq-id": id, responder, quote } = given;
  const receivedAt = now.toISOString();
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: QUOTES,
              Item: { id, responder, quote, receivedAt, expiresAt },
              ConditionExpression: "attribute_not_exists(id)",
            },
          },
          {
            Update: {
              TableName: QUOTES,
              Key: { id, responder: REQUEST },
              UpdateExpression: "ADD quoteCount :one",
              ConditionExpression: "#status = :open AND closesAt > :now AND currency = :currency",
              ExpressionAttributeNames: { "#status": "status" },
              ExpressionAttributeValues: {
                ":one": 1,
                ":open": "OPEN",
                ":now": receivedAt,
                ":currency": quote.currency,
              },
            },
          },
        ],
      }),
    );
    return "counted";
  } catch (error) {
    if (!(error instanceof Error && error.name === "TransactionCanceledException")) throw error;
    const { request, offers } = await requestOf(id);
    if (offers.some((offer) => offer.responder === responder)) return "known";
    if (request.currency !== quote.currency)
      throw new CurrencyRefused(`The request asks for ${request.currency}`, { rfqId: id }, { cause: error });
    return isOpen(request, now) ? "busy" : "late";
  }
}

/** A late quote does not count, but it can be seen that it came. */
async function noteLate(id: string, responder: string): Promise<"late"> {
  await documents.send(
    new UpdateCommand({
      TableName: QUOTES,
      Key: { id, responder: REQUEST },
      UpdateExpression: "ADD lateResponders :responder",
      ConditionExpression: "attribute_exists(id)",
      ExpressionAttributeValues: { ":responder": new Set([responder]) },
    }),
  );
  return "late";
}

async function closeAtQuorum(id: string, closedAt: string): Promise<void> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: QUOTES,
        Key: { id, responder: REQUEST },
        UpdateExpression: "SET #status = :closed, closedBy = :quorum, closedAt = :now",
        ConditionExpression: "#status = :open AND quoteCount >= #quorum",
        ExpressionAttributeNames: { "#status": "status", "#quorum": "quorum" },
        ExpressionAttributeValues: { ":closed": "CLOSED", ":open": "OPEN", ":quorum": "QUORUM", ":now": closedAt },
      }),
    );
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
  }
}

/** The deadline counts by itself: nobody has to have written that it has passed. */
export const isOpen = ({ status, closesAt }: { status: string; closesAt: string }, now: Date): boolean =>
  status === "OPEN" && now.toISOString() < closesAt;

/** A request holds fewer quotes than its quorum allows, at most a hundred: far below a page. Throws RequestNotFound. */
export async function requestOf(id: string): Promise<{ request: z.infer<typeof Request>; offers: Offer[] }> {
  const { Items = [] } = await documents.send(
    new QueryCommand({
      TableName: QUOTES,
      KeyConditionExpression: "id = :id",
      ExpressionAttributeValues: { ":id": id },
      ConsistentRead: true,
    }),
  );
  const request = Items.find(({ responder }) => responder === REQUEST);
  if (!request) throw new RequestNotFound(`There is no request ${id}`, { rfqId: id });
  return {
    request: Request.parse(request),
    offers: Items.filter((item) => item !== request).map((item) => QuoteRow.parse(item)),
  };
}
