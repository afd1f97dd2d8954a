/** Packs pulled goods, and says what the packed lines cost and weigh. */
import { handle } from "#shared/middleware";
import { count } from "#shared/observability/metrics";
import { Batch } from "./batch.ts";
import { summaryOfPacked } from "./order/summary.ts";
import { packLines } from "./stock/warehouse.ts";

export const handler = handle({ input: Batch }, async (batch) => {
  await packLines(batch, new Date());
  count("LinesPacked", batch.lines.length);
  return summaryOfPacked(batch.lines);
});
