/** Puts a delivery on the shelf and wakes the orders that wait for its article. */
import { SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { logger } from "#shared/observability/logger";
import { noteArrival } from "./order/order-store.ts";
import { Delivery, ordersWaitingFor, shelve } from "./stock/delivery-store.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: Delivery, putAside }, async (delivery) => {
  await shelve(delivery, new Date());
  const waiting = await ordersWaitingFor(delivery.sku);
  for (const orderId of waiting) {
    const token = await noteArrival(orderId);
    if (token !== undefined) await wake(token);
  }
  logger.info("delivery", { delivery: delivery.deliveryId, orders: waiting.length });
});

/** An order that was woken before, or has stopped waiting, needs nothing. */
async function wake(taskToken: string): Promise<void> {
  try {
    await sfn.send(new SendTaskSuccessCommand({ taskToken, output: "{}" }));
  } catch (error) {
    if (!(error instanceof Error && ["TaskTimedOut", "TaskDoesNotExist"].includes(error.name))) throw error;
  }
}
