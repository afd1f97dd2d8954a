/** Gathers what responders offer, in whatever order and however often it comes. Late offers do not count. */
import { env } from "#shared/environment";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleSqs } from "#shared/events/sqs";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { Quote } from "./quotes/quote.ts";
import { keepQuote } from "./quotes/quote-store.ts";

const putAside = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));
const KEEP_DAYS = env.integer("KEEP_DAYS", { least: 1, most: 365 });

// One after the other: quotes of one request meet in its row.
export const handler = handleSqs({ body: Quote, putAside, concurrency: 1 }, async (quote) => {
  const now = new Date();
  const result = await keepQuote(quote, now, Math.ceil(now.getTime() / 1_000) + KEEP_DAYS * 86_400);
  logger.info("quote", { rfqId: quote["rfq-id"], responder: quote.responder, result });
  if (result === "late") count("QuotesLate");
});
