/** Reserves what the whole order costs, before anything is locked. */
import * as z from "zod/mini";
import { Conflict } from "#shared/errors";
import { handle } from "#shared/middleware";
import { orderOf } from "./order/order-store.ts";
import { Id } from "./order/order.ts";
import { authorize } from "./payment/sample-provider.ts";

/** An authorisation that comes too late. */
class OrderEnded extends Conflict<{ orderId: string }> {}

export const handler = handle({ input: z.object({ orderId: Id }) }, async ({ orderId }) => {
  const { totalMinor, currency, paymentToken } = await orderOf(orderId);
  if (paymentToken === undefined) throw new OrderEnded(`Order ${orderId} has ended`, { orderId });
  await authorize(orderId, { amountMinor: totalMinor, currency }, paymentToken, new Date());
  return { authorizedMinor: totalMinor, currency };
});
