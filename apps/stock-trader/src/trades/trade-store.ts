/** The sample broker's book. A trade is written once and never changed. */
import { GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { Conflict, NotFound } from "#shared/errors";
import { type Order, type Side, Trade, tradeOf } from "./trade.ts";

/** The order's id has traded something else before. */
export class TradeChanged extends Conflict<{ id: string }> {}

export class TradeNotFound extends NotFound<{ id: string }> {}

const TRADES = env.text("TRADES_TABLE");

/** Trades, or answers the trade that this order has made before. Throws TradeChanged. */
export async function trade(order: Order, type: Side, now: Date): Promise<Trade> {
  const made = tradeOf(order, type, now);
  try {
    await documents.send(
      new PutCommand({
        TableName: TRADES,
        Item: made,
        ConditionExpression: "attribute_not_exists(id)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return made;
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException" && "Item" in error)) throw error;
    const known = Trade.parse(textsOf(error.Item as Readonly<Record<string, { readonly S?: string }>>)); // as DynamoDB writes items
    if (known.type !== type || known.price !== made.price)
      throw new TradeChanged(`Order ${order.id} has traded something else`, { id: order.id }, { cause: error });
    return known;
  }
}

/** A trade is text all over. */
const textsOf = (item: Readonly<Record<string, { readonly S?: string }>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(item).map(([name, { S }]) => [name, S]));

/** Throws TradeNotFound. */
export async function tradeById(id: string): Promise<Trade> {
  const { Item } = await documents.send(new GetCommand({ TableName: TRADES, Key: { id }, ConsistentRead: true }));
  if (!Item) throw new TradeNotFound(`There is no trade ${id}`, { id });
  return Trade.parse(Item);
}
