/** Lines and stock change together, in one transaction, or not at all. */
import { setTimeout as sleep } from "node:timers/promises";
import { QueryCommand, TransactWriteCommand, type TransactWriteCommandInput } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { AppError, Unavailable } from "#shared/errors";
import { readItems } from "#shared/writes/write-items";
import { expiryOf } from "../order/expiry.ts";
import { Line } from "../order/order.ts";
import { type Move, type Place, type Standing, STATUSES, stockChanges } from "./moves.ts";

/** A line was moved by somebody else between reading and writing it. */
export class LinesMoved extends AppError<{ orderId: string }> {
  override readonly retryable = true;
}

const ORDERS = env.text("ORDERS_TABLE");
const STOCK = env.text("STOCK_TABLE");
const TRIES = 6;

const Row = z.extend(Line, { status: z.enum(STATUSES), round: z.number() });
export type LineRow = z.infer<typeof Row>;

export const stockKey = (sku: string) => ({ id: `sku#${sku}` });
const entryOf = (lineId: string): string => `line#${lineId}`;

/** Where these lines stand, by line id; lines that were never touched are missing. */
export async function standingOf(orderId: string, lines: readonly Line[]): Promise<ReadonlyMap<string, Standing>> {
  const keys = lines.map(({ lineId }) => ({ orderId, entry: entryOf(lineId) }));
  const rows = (await readItems(ORDERS, keys)).map((item) => Row.parse(item));
  return new Map(rows.map(({ lineId, status, round }) => [lineId, { status, round }]));
}

/** All lines of an order that were touched, page by page. */
export async function* rowsOf(orderId: string): AsyncGenerator<readonly LineRow[]> {
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: ORDERS,
        KeyConditionExpression: "orderId = :orderId AND begins_with(entry, :line)",
        ExpressionAttributeValues: { ":orderId": orderId, ":line": entryOf("") },
        ConsistentRead: true,
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    yield Items.map((item) => Row.parse(item));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
}

/**
 * Moves lines of an order, with their stock. Answers the articles of which too little is there, and has then done nothing.
 * Throws LinesMoved, or Unavailable when others keep changing the same articles.
 */
export async function move(
  orderId: string,
  round: number,
  moves: readonly Move[],
  now: Date,
): Promise<ReadonlySet<string>> {
  const changes = [...stockChanges(moves)];
  const actions: NonNullable<TransactWriteCommandInput["TransactItems"]> = [
    ...moves.map((step) => ({ Put: rowPut(orderId, round, step, now) })),
    ...changes.map(([sku, change]) => ({ Update: { TableName: STOCK, Key: stockKey(sku), ...stockUpdate(change) } })),
  ];
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    try {
      await documents.send(new TransactWriteCommand({ TransactItems: actions }));
      return new Set();
    } catch (error) {
      const codes = cancellationCodes(error);
      if (codes.slice(0, moves.length).includes("ConditionalCheckFailed"))
        throw new LinesMoved("A line was moved meanwhile", { orderId }, { cause: error });
      const short = changes.filter((_, index) => codes[moves.length + index] === "ConditionalCheckFailed");
      if (short.length > 0) return new Set(short.map(([sku]) => sku));
      // Another order takes the same article at this moment.
      await sleep(25 * 2 ** attempt);
    }
  }
  throw new Unavailable("The articles are being changed by too many orders at the same time");
}

function rowPut(orderId: string, round: number, { line, from, to }: Move, now: Date) {
  const isPending = to === "PENDING";
  return {
    TableName: ORDERS,
    Item: {
      ...line,
      orderId,
      entry: entryOf(line.lineId),
      status: to,
      round,
      changedAt: now.toISOString(),
      expiresAt: expiryOf(now),
      // Only pending lines are in the index that a delivery asks.
      ...(isPending ? { pendingSku: line.sku, pendingSince: now.toISOString() } : {}),
    },
    ...(from === undefined
      ? { ConditionExpression: "attribute_not_exists(orderId)" }
      : {
          ConditionExpression: "#status = :from",
          ExpressionAttributeNames: { "#status": "status" },
          ExpressionAttributeValues: { ":from": from },
        }),
  };
}

/** Takes where something is to be taken, on condition that it is there. */
function stockUpdate(change: Readonly<Record<Place, number>>) {
  const places = (Object.keys(change) as Place[]).filter((place) => change[place] !== 0);
  const taken = places.filter((place) => change[place] < 0);
  return {
    UpdateExpression: `ADD ${places.map((place) => `${place} :${place}`).join(", ")}`,
    ConditionExpression: taken.map((place) => `${place} >= :least_${place}`).join(" AND "),
    ExpressionAttributeValues: Object.fromEntries([
      ...places.map((place) => [`:${place}`, change[place]]),
      ...taken.map((place) => [`:least_${place}`, -change[place]]),
    ]),
  };
}

/** Why a transaction was cancelled, action by action. Throws whatever is no cancellation. */
function cancellationCodes(error: unknown): readonly string[] {
  if (!(error instanceof Error && error.name === "TransactionCanceledException")) throw error;
  const reasons =
    "CancellationReasons" in error && Array.isArray(error.CancellationReasons) ? error.CancellationReasons : [];
  return reasons.map((reason: { readonly Code?: string }) => reason.Code ?? "None");
}
