/** A trade: one order of the workflow, bought or sold at the price that it has seen. */
import { createHash } from "node:crypto";
import * as z from "zod/mini";

/** 32 hexadecimal digits, made of the order: the same order is the same trade, however often it is asked for. */
export const TradeId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
export const Price = z.int().check(z.gte(1), z.lte(1_000_000));
export const Side = z.enum(["buy", "sell"]);
export type Side = z.infer<typeof Side>;

export const Order = z.object({ id: TradeId, stock_price: Price });
export type Order = z.infer<typeof Order>;

/** As the API answers it: numbers that are money or amounts are text there. */
export const Trade = z.object({
  id: TradeId,
  type: Side,
  price: z.string(),
  qty: z.string(),
  currency: z.string(),
  timestamp: z.string(),
});
export type Trade = z.infer<typeof Trade>;

const MOST_SHARES = 10;

/** 1 to 10 shares; a repetition of the order comes to the same number. */
export function quantityOf(id: string): number {
  return 1 + (createHash("sha256").update(`quantity of ${id}`).digest().readUInt32BE(0) % MOST_SHARES);
}

export const tradeOf = (order: Order, type: Side, now: Date): Trade => ({
  id: order.id,
  type,
  price: String(order.stock_price),
  qty: String(quantityOf(order.id)),
  currency: "USD",
  timestamp: now.toISOString(),
});
