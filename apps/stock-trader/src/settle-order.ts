/** Trades the orders of the queue and calls their workflows back. */
import { SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import * as z from "zod/mini";
import { sfn } from "#shared/clients/sfn";
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { logger } from "#shared/observability/logger";
import { trade, TradeChanged } from "./trades/trade-store.ts";
import { Order, Side } from "./trades/trade.ts";

/** The order is settled, but no workflow has given this token. */
class CallbackInvalid extends AppError {}

const Message = z.extend(Order, { type: Side, taskToken: z.string() });
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: Message, putAside }, async ({ taskToken, type, ...order }) => {
  try {
    const made = await trade(order, type, new Date());
    await callBack(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify(made) }));
    logger.info("settled", { id: order.id, type });
  } catch (error) {
    // No waiting helps: the workflow hears of it, and the message has done its work.
    if (!(error instanceof TradeChanged)) throw error;
    await callBack(new SendTaskFailureCommand({ taskToken, error: error.name, cause: error.message }));
  }
});

/** A workflow that was called back before, or no longer waits, needs nothing. Throws CallbackInvalid for what is no token at all. */
async function callBack(command: SendTaskSuccessCommand | SendTaskFailureCommand): Promise<void> {
  try {
    await (command instanceof SendTaskSuccessCommand ? sfn.send(command) : sfn.send(command));
  } catch (error) {
    const name = error instanceof Error ? error.name : "";
    if (name === "InvalidToken")
      throw new CallbackInvalid("Nobody can be called back by this token", {}, { cause: error });
    if (!["TaskTimedOut", "TaskDoesNotExist"].includes(name)) throw error;
  }
}
