/** Takes the money for what was packed in a round, once a round. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { Round } from "./batch.ts";
import { Id } from "./order/order.ts";
import { capture } from "./payment/sample-provider.ts";

const Input = z.object({ orderId: Id, round: Round, amountMinor: z.int().check(z.gte(0)) });

export const handler = handle({ input: Input }, async ({ orderId, round, amountMinor }) => {
  await capture(orderId, round, amountMinor, new Date());
  return { capturedMinor: amountMinor };
});
