/** Filter: takes a fare on. One that is being undone, or has failed, goes back to where that is done. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { channel } from "./channel.ts";
import { FareRef } from "./fare/fare.ts";
import { register } from "./fare/fare-store.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const next = channel("NEXT_QUEUE_URL");
const refused = channel("REFUSED_QUEUE_URL");

export const handler = handleSqs({ body: FareRef, putAside }, async ({ fareId }) => {
  const status = await register(fareId, "pipes", new Date());
  await (status === "failing" || status === "failed" ? refused({ fareId }) : next({ fareId }));
});
