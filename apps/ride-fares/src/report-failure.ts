/** Tells that a step of the choreography has failed as often as it may: from there on the fare is refused. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { tell } from "./bus.ts";
import { FailedReaction, refusalOf } from "./fare/start.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: FailedReaction, putAside }, (failure) =>
  tell("Fare Refused", refusalOf(failure)),
);
