/** Takes locked goods from their shelves. */
import { handle } from "#shared/middleware";
import { Batch } from "./batch.ts";
import { pullLines } from "./stock/warehouse.ts";

export const handler = handle({ input: Batch }, async (batch) => {
  await pullLines(batch, new Date());
  return { lines: batch.lines };
});
