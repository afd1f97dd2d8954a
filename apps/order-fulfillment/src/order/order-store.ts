/** The row of an order: who works on it, how it stands, where it goes. The state machine writes this row as well. */
import { GetCommand, PutCommand, UpdateCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { NotFound } from "#shared/errors";
import { expiryOf } from "./expiry.ts";
import { digestOf, Order, OrderChanged } from "./order.ts";

export class OrderNotFound extends NotFound<{ orderId: string }> {}

const ORDERS = env.text("ORDERS_TABLE");
/** Sorts before the lines. */
const ORDER = "#order";

const Row = z.object({
  currency: Order.shape.currency,
  /** Forgotten as soon as the order has ended. */
  paymentToken: z.optional(Order.shape.paymentToken),
  shipTo: Order.shape.shipTo,
  totalMinor: z.number(),
});
export type OrderRow = z.infer<typeof Row>;

/** Whether the order is this execution's to fulfil: the first that asks gets it. Throws OrderChanged. */
export async function claimOrder(order: Order, totalMinor: number, execution: string, now: Date): Promise<boolean> {
  const { orderId, currency, paymentToken, shipTo } = order;
  const digest = digestOf(order);
  try {
    await documents.send(
      new PutCommand({
        TableName: ORDERS,
        Item: {
          orderId,
          entry: ORDER,
          currency,
          paymentToken,
          shipTo,
          totalMinor,
          digest,
          execution,
          lineCount: order.orderItems.length,
          status: "FULFILLING",
          acceptedAt: now.toISOString(),
          expiresAt: expiryOf(now),
        },
        ConditionExpression: "attribute_not_exists(orderId)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    return true;
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException" && "Item" in error)) throw error;
    const known = error.Item as Readonly<Record<string, { readonly S?: string }>>;
    if (known["digest"]?.S !== digest)
      throw new OrderChanged(`There is another order ${orderId} already`, { orderId }, { cause: error });
    return known["execution"]?.S === execution;
  }
}

/** Throws OrderNotFound. */
export async function orderOf(orderId: string): Promise<OrderRow> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: ORDERS, Key: { orderId, entry: ORDER }, ConsistentRead: true }),
  );
  if (!Item) throw new OrderNotFound(`There is no order ${orderId}`, { orderId });
  return Row.parse(Item);
}

/** The order goes on with another attempt; what it has waited for is forgotten. */
export async function beginRound(orderId: string, round: number): Promise<void> {
  await documents.send(
    new UpdateCommand({
      TableName: ORDERS,
      Key: { orderId, entry: ORDER },
      UpdateExpression: "SET #status = :fulfilling, round = :round REMOVE waitToken, stockArrived",
      ExpressionAttributeNames: { "#status": "status" },
      ExpressionAttributeValues: { ":fulfilling": "FULFILLING", ":round": round },
    }),
  );
}

/** Notes that goods have come, and answers the token by which the order waits for them, if it does already. */
export async function noteArrival(orderId: string): Promise<string | undefined> {
  const { Attributes } = await documents.send(
    new UpdateCommand({
      TableName: ORDERS,
      Key: { orderId, entry: ORDER },
      UpdateExpression: "SET stockArrived = :yes",
      ConditionExpression: "attribute_exists(orderId)",
      ExpressionAttributeValues: { ":yes": true },
      ReturnValues: "ALL_NEW",
    }),
  );
  return z.optional(z.string()).parse(Attributes?.["waitToken"]);
}
