/** Publishes what a request says, for one of the targets, and answers before anybody has worked on it. */
import { randomUUID } from "node:crypto";
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { AppError, TooLarge, Unavailable } from "#shared/errors";
import { handleHttp, reply } from "#shared/http";
import { parse, parseJson } from "#shared/input";
import { currentLogKeys } from "#shared/observability/log-keys";
import { logger } from "#shared/observability/logger";
import { annotate } from "#shared/observability/tracing";
import { putEvents } from "#shared/writes/put-events";
import { draftOf, isTarget, RequestEvent, TARGETS } from "./request-event.ts";

const bus = env.text("EVENT_BUS");
const source = env.text("EVENT_SOURCE");
const DETAIL_TYPE = "Request";
/** EventBridge takes 256 kB an entry; source, type and time are in it. */
const LARGEST_EVENT = 250_000;

class TargetUnknown extends AppError {
  override readonly status = 400;
}

export const handler = handleHttp({ query: z.record(z.string(), z.string()) }, async ({ query }, request) => {
  const { target } = query;
  if (!isTarget(target)) throw new TargetUnknown(`query.target: expected one of ${TARGETS.join(", ")}`);
  const detail = parse(
    RequestEvent,
    draftOf({
      query,
      payload: request.body === "" ? undefined : parseJson(request.body, "body"),
      correlationId: String(currentLogKeys()["correlation_id"]),
      idempotencyKey: request.headers["idempotency-key"] ?? randomUUID(),
      traceHeader: process.env._X_AMZN_TRACE_ID,
    }),
  );
  if (Buffer.byteLength(JSON.stringify(detail)) > LARGEST_EVENT)
    throw new TooLarge("The event is too large", { limit: LARGEST_EVENT, unit: "bytes" });
  const { correlationId, traceId } = detail.metadata;
  annotate("CorrelationId", correlationId);
  annotate("Target", target);
  const eventId = await publish(detail);
  // Names of parameters, not their values: those are the caller's.
  logger.info("event published", { event: eventId, source, type: DETAIL_TYPE, target, parameters: Object.keys(query) });
  return reply(202, { eventId, traceId, correlationId, target }, { "cache-control": "no-store" });
});

/** Throws Unavailable when the event is not on the bus, whatever the reason: the sender has to come again. */
async function publish(detail: RequestEvent): Promise<string | undefined> {
  try {
    return (await putEvents([{ bus, source, detailType: DETAIL_TYPE, detail }]))[0];
  } catch (error) {
    throw new Unavailable("The event could not be published", { retryAfterSeconds: 30 }, { cause: error });
  }
}
