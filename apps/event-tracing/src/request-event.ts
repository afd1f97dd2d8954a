/** The event that a request becomes: what is on the bus, in the archive and in the dead letters. */
import * as z from "zod/mini";

/** Where a request can be sent. */
export const TARGETS = ["lambda", "sfn", "apigw"] as const;
export type Target = (typeof TARGETS)[number];
export const isTarget = (text: string | undefined): text is Target => TARGETS.some((target) => target === text);

/** A value of the query, or a name that callers choose. Control characters have no business in either. */
const Text = z.string().check(z.maxLength(1_024), z.regex(/^[^\p{Cc}]*$/u));
const Key = z.string().check(z.regex(/^[\w.:-]{1,128}$/));

export const RequestEvent = z.object({
  /** The query as it came, the target included: rules look at it. */
  apiEvent: z.catchall(z.object({ target: z.enum(TARGETS) }), Text),
  /** The JSON that was posted, if any. */
  payload: z.optional(z.record(z.string(), z.unknown())),
  /** What the trace header says is gone in archives and dead letters; this is not. */
  metadata: z.object({
    /** By what the logs of all functions can be searched. */
    correlationId: z.string().check(z.regex(/^[\w.:/=+@;-]{1,256}$/)),
    /** Two events with the same key are the same request. */
    idempotencyKey: Key,
    traceId: z.optional(z.string().check(z.regex(/^1-[0-9a-f]{8}-[0-9a-f]{24}$/))),
  }),
});
export type RequestEvent = z.infer<typeof RequestEvent>;

interface Request {
  readonly query: Readonly<Record<string, string>>;
  /** What was posted, if anything. */
  readonly payload: unknown;
  readonly correlationId: string;
  readonly idempotencyKey: string;
  /** `_X_AMZN_TRACE_ID`. */
  readonly traceHeader: string | undefined;
}

/** The event, before it is checked by the schema. */
export function draftOf({ query, payload, traceHeader, ...metadata }: Request): unknown {
  const traceId = traceIdOf(traceHeader);
  return {
    apiEvent: query,
    ...(payload !== undefined && { payload }),
    metadata: { ...metadata, ...(traceId !== undefined && { traceId }) },
  };
}

/** `Root` of a trace header. */
export const traceIdOf = (header = ""): string | undefined =>
  /(?:^|;)Root=(1-[0-9a-f]{8}-[0-9a-f]{24})/.exec(header)?.[1];
