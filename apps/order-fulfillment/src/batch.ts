/** What the steps of the Map get: some lines of an order, in its present attempt. */
import * as z from "zod/mini";
import { Id, Line } from "./order/order.ts";

export const Round = z.int().check(z.gte(1), z.lte(1_000));
export const Batch = z.object({ orderId: Id, round: Round, lines: z.array(Line).check(z.minLength(1)) });
