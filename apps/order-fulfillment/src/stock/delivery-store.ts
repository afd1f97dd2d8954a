/** Goods that arrive. */
import { QueryCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { Conflict } from "#shared/errors";
import { Id, Quantity, Sku } from "../order/order.ts";
import { stockKey } from "./line-store.ts";

/** The delivery's id was used before, for other goods. */
export class DeliveryChanged extends Conflict<{ deliveryId: string }> {}

export const Delivery = z.object({ deliveryId: Id, sku: Sku, quantity: Quantity });
export type Delivery = z.infer<typeof Delivery>;

const STOCK = env.text("STOCK_TABLE");
const ORDERS = env.text("ORDERS_TABLE");

/** Puts a delivery on the shelf, once. Throws DeliveryChanged. */
export async function shelve({ deliveryId, sku, quantity }: Delivery, now: Date): Promise<void> {
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          {
            Put: {
              TableName: STOCK,
              Item: { id: `delivery#${deliveryId}`, sku, quantity, arrivedAt: now.toISOString() },
              ConditionExpression: "attribute_not_exists(id)",
              ReturnValuesOnConditionCheckFailure: "ALL_OLD",
            },
          },
          {
            Update: {
              TableName: STOCK,
              Key: stockKey(sku),
              UpdateExpression: "ADD available :quantity, locked :none, packed :none",
              ExpressionAttributeValues: { ":quantity": quantity, ":none": 0 },
            },
          },
        ],
      }),
    );
  } catch (error) {
    const known = knownDelivery(error);
    if (known["sku"]?.S !== sku || known["quantity"]?.N !== String(quantity))
      throw new DeliveryChanged(`Delivery ${deliveryId} has brought other goods before`, { deliveryId });
  }
}

/** The row that stopped the transaction, as DynamoDB writes it. Throws whatever else it was. */
function knownDelivery(error: unknown): Readonly<Record<string, { readonly S?: string; readonly N?: string }>> {
  const reasons =
    error instanceof Error && "CancellationReasons" in error && Array.isArray(error.CancellationReasons)
      ? (error.CancellationReasons as { Code?: string; Item?: Record<string, { S?: string; N?: string }> }[])
      : [];
  if (reasons[0]?.Code !== "ConditionalCheckFailed") throw error;
  return reasons[0].Item ?? {};
}

/** The orders that wait for an article, those that have waited longest first. */
export async function ordersWaitingFor(sku: string): Promise<readonly string[]> {
  const orders = new Set<string>();
  let ExclusiveStartKey: Record<string, unknown> | undefined;
  do {
    const { Items = [], LastEvaluatedKey } = await documents.send(
      new QueryCommand({
        TableName: ORDERS,
        IndexName: "PendingBySku",
        KeyConditionExpression: "pendingSku = :sku",
        ExpressionAttributeValues: { ":sku": sku },
        ...(ExclusiveStartKey ? { ExclusiveStartKey } : {}),
      }),
    );
    for (const { orderId } of Items) orders.add(String(orderId));
    ExclusiveStartKey = LastEvaluatedKey;
  } while (ExclusiveStartKey);
  return [...orders];
}
