/** Locks goods for lines of an order, and marks those as pending for which there are none. */
import { handle } from "#shared/middleware";
import { count } from "#shared/observability/metrics";
import { Batch } from "./batch.ts";
import { lockLines } from "./stock/warehouse.ts";

export const handler = handle({ input: Batch }, async (batch) => {
  const { locked, pending } = await lockLines(batch, new Date());
  count("LinesPending", pending.length);
  return { locked, pending: pending.length };
});
