/** POST /orders: takes an order for later, with the token by which the workflow is called back. */
import { SendMessageCommand } from "@aws-sdk/client-sqs";
import * as z from "zod/mini";
import { sqs } from "#shared/clients/sqs";
import { env } from "#shared/environment";
import { handleHttp, reply } from "#shared/http";
import { Order, Side } from "./trades/trade.ts";

const QUEUE = env.text("QUEUE_URL");
const parts = {
  body: z.extend(Order, { type: Side }),
  headers: z.object({ tasktoken: z.string().check(z.minLength(1), z.maxLength(2_048)) }),
};

export const handler = handleHttp(parts, async ({ body, headers }) => {
  await sqs.send(
    new SendMessageCommand({ QueueUrl: QUEUE, MessageBody: JSON.stringify({ ...body, taskToken: headers.tasktoken }) }),
  );
  return reply(202, { id: body.id, status: "ACCEPTED" });
});
