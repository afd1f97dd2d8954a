/** Gives goods back that an order has locked or packed and not paid, and ends its pending lines. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { Round } from "./batch.ts";
import { Id } from "./order/order.ts";
import { releaseLines } from "./stock/warehouse.ts";

const Input = z.object({ orderId: Id, paidRounds: z.array(Round), to: z.enum(["RELEASED", "CANCELLED"]) });

export const handler = handle({ input: Input }, async ({ orderId, paidRounds, to }) => {
  const released = await releaseLines(orderId, paidRounds, to, new Date());
  logger.info("released", { orderId, released, to });
  return { released };
});
