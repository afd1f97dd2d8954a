/** Gathers the lines of an order that are still pending, for another attempt. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { handle } from "#shared/middleware";
import { Round } from "./batch.ts";
import { planRound } from "./order/order-files.ts";
import { beginRound } from "./order/order-store.ts";
import { Id, type Line } from "./order/order.ts";
import { rowsOf } from "./stock/line-store.ts";

const INLINE_LINES = env.integer("INLINE_LINES", { least: 0, most: 50 });

export const handler = handle({ input: z.object({ orderId: Id, round: Round }) }, async ({ orderId, round }) => {
  // First: goods that come while the lines are gathered are noted for the wait after this attempt.
  await beginRound(orderId, round);
  const pending: Line[] = [];
  for await (const rows of rowsOf(orderId))
    for (const { status, round: _round, ...line } of rows) if (status === "PENDING") pending.push(line);
  return planRound(orderId, `round-${round}`, pending, INLINE_LINES);
});
