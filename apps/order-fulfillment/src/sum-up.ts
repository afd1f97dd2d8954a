/** Makes one result of all results of a round, whether they are in the state or in files. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { readResults } from "./order/order-files.ts";
import { Id } from "./order/order.ts";
import { addUp, Summary } from "./order/summary.ts";

const Input = z.object({
  orderId: Id,
  planned: z.number(),
  results: z.array(Summary),
  /** Key of the Map run's manifest; empty where the results are in the state. */
  manifest: z.string(),
});

export const handler = handle({ input: Input }, async ({ orderId, planned, results, manifest }) => {
  const summary = addUp(manifest === "" ? results : await readResults(manifest), planned);
  logger.info("round", { orderId, planned, ...summary });
  return summary;
});
