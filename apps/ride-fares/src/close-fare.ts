/** Filter, the last: writes how a fare ended and publishes it. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { closeFare } from "./fare/closing.ts";
import { FareRef } from "./fare/fare.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const Ended = z.object({ ...FareRef.shape, outcome: z.enum(["completed", "failed"]) });

export const handler = handleSqs({ body: Ended, putAside }, ({ fareId, outcome }) =>
  closeFare(fareId, outcome, new Date()),
);
