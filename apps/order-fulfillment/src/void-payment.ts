/** Gives up what is reserved and was not taken, and says what was. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { Id } from "./order/order.ts";
import { voidRest } from "./payment/sample-provider.ts";

export const handler = handle({ input: z.object({ orderId: Id }) }, ({ orderId }) => voidRest(orderId, new Date()));
