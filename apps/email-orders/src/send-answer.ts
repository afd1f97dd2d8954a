/** Tells a sender what became of the order. */
import { SendEmailCommand } from "@aws-sdk/client-sesv2";
import * as z from "zod/mini";
import { ses } from "#shared/clients/ses";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { count } from "#shared/observability/metrics";
import { answerMail, answerTo } from "./answer.ts";
import { claimAnswer, markAnswered } from "./order-store.ts";

const OrderKey = z.object({ email: z.string(), orderId: z.string() });
const ownAddress = env.text("ORDER_ADDRESS");
const putAside = sendToDeadLetters(env.text("DEAD_ANSWERS_URL"));

export const handler = handleSqs({ body: OrderKey, putAside }, async (key, { messageId }) => {
  const order = await claimAnswer(key, messageId, Date.now());
  if (order === undefined) return;
  const mail = answerMail(ownAddress, order.answerTo, order.messageId, answerTo(order));
  await ses.send(
    new SendEmailCommand({
      FromEmailAddress: ownAddress,
      Destination: { ToAddresses: [order.answerTo] },
      Content: { Raw: { Data: mail } },
    }),
  );
  await markAnswered(key, Date.now());
  count("Answers");
});
