/** What the three targets have in common: note that the event arrived, and let it be found in the trace. */
import { annotate } from "#shared/observability/tracing";
import { logger } from "#shared/observability/logger";
import { keep, type Receipt } from "./receipt-store.ts";

export interface Received {
  readonly eventId: string;
  readonly correlationId: string;
  readonly isFirst: boolean;
}

export async function receive(receipt: Omit<Receipt, "now">): Promise<Received> {
  const { request, eventId, receivedBy } = receipt;
  const { correlationId, traceId } = request.metadata;
  annotate("CorrelationId", correlationId);
  annotate("Target", receivedBy);
  const isFirst = await keep({ ...receipt, now: Date.now() });
  logger.info("event received", {
    event: eventId,
    target: receivedBy,
    correlation: correlationId,
    published_in: traceId,
    first: isFirst,
  });
  return { eventId, correlationId, isFirst };
}
