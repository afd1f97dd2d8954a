/** Filter: credits the customer's account. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { channel } from "./channel.ts";
import { FareRef } from "./fare/fare.ts";
import { afterwards, creditFare } from "./fare/steps.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const next = channel("NEXT_QUEUE_URL");
const refused = channel("REFUSED_QUEUE_URL");

export const handler = handleSqs({ body: FareRef, putAside }, ({ fareId }) =>
  afterwards(fareId, creditFare(fareId, new Date()), {
    next: () => next({ fareId, outcome: "completed" }),
    refused: (reason) => refused({ fareId, reason }),
  }),
);
