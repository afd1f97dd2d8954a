/** Greets everybody whose name comes in a message. */
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { greetingFor } from "./greeting.ts";

const Guest = z.object({ name: z.string().check(z.minLength(1), z.maxLength(100)) });
const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

export const handler = handleSqs({ body: Guest, putAside }, async ({ name }) => {
  logger.info("greeted", { letters: greetingFor(name).length });
  count("Greetings");
});
