/** Sample responders, one a queue: a prompt one, one whose queue is slow, and a choosy one that says nothing to long rides. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { channel } from "./channel.ts";
import { CallForQuotes } from "./quotes/quote.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const answer = channel("QUOTES_QUEUE_URL");

const responders = new Map([
  [env.text("PROMPT_QUEUE_ARN"), { responder: "prompt", baseMinor: 400, minorPerKm: 150, longestKm: Infinity }],
  [env.text("SLOW_QUEUE_ARN"), { responder: "slow", baseMinor: 100, minorPerKm: 100, longestKm: Infinity }],
  [env.text("CHOOSY_QUEUE_ARN"), { responder: "choosy", baseMinor: 250, minorPerKm: 140, longestKm: 20 }],
]);

export const handler = handleSqs({ body: CallForQuotes, putAside }, async (call, { queueArn }) => {
  const tariff = responders.get(queueArn);
  if (tariff === undefined || call.distanceKm > tariff.longestKm) return;
  const amountMinor = tariff.baseMinor + Math.round(tariff.minorPerKm * call.distanceKm);
  const quote = { amountMinor, currency: call.currency };
  await answer({ "rfq-id": call["rfq-id"], responder: tariff.responder, quote });
});
