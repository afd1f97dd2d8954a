/** Reads an order, from the state or from its file, checks it, claims it, and decides how its lines travel. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { parse } from "#shared/input";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { planRound, readOrderFile } from "./order/order-files.ts";
import { claimOrder } from "./order/order-store.ts";
import { digestOf, Order, totalOf } from "./order/order.ts";

const INLINE_LINES = env.integer("INLINE_LINES", { least: 0, most: 50 });
const MOST_LINES = env.integer("MOST_LINES", { least: 1, most: 20_000 });

const Input = z.object({
  execution: z.string(),
  /** The order itself, or what S3 says of its file. */
  received: z.record(z.string(), z.unknown()),
});
const Upload = z.object({ key: z.string(), "version-id": z.string() });

export const handler = handle({ input: Input }, async ({ execution, received }) => {
  const upload = received["object"] === undefined ? undefined : parse(Upload, received["object"], "object");
  const order = parse(Order, upload ? await readOrderFile(upload.key, upload["version-id"]) : received);
  const { orderId, currency, orderItems } = order;
  const totalMinor = totalOf(order, MOST_LINES);
  // Before the claim: what is claimed can be fulfilled. Another order of the same id has another digest.
  const plan = await planRound(orderId, digestOf(order), orderItems, INLINE_LINES);
  const isMine = await claimOrder(order, totalMinor, execution, new Date());
  logger.info("order", { orderId, lines: orderItems.length, totalMinor, currency, isMine });
  return isMine ? { isMine, orderId, currency, totalMinor, plan } : { isMine, orderId };
});
