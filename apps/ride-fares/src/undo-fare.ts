/** Filter: takes back what was done for a fare. It gets refused fares with the reason, and those without one that failed as often as they may. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { channel } from "./channel.ts";
import { Refusal } from "./fare/fare.ts";
import { undoFare } from "./fare/steps.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const next = channel("NEXT_QUEUE_URL");

export const handler = handleSqs({ body: Refusal, putAside }, async ({ fareId, reason }) => {
  const isUndone = await undoFare(fareId, reason || "A step failed in as many tries as it gets", new Date());
  if (isUndone) await next({ fareId, outcome: "failed" });
});
