/**
 * X-Ray, where there is an X-Ray daemon (Lambda says so by AWS_XRAY_DAEMON_ADDRESS). Elsewhere nothing is loaded, and
 * everything here does nothing. `POWERTOOLS_TRACE_ENABLED=false` switches it off.
 */
const hasDaemon = Boolean(process.env.AWS_XRAY_DAEMON_ADDRESS) && process.env.POWERTOOLS_TRACE_ENABLED !== "false";

// Awaited here, in the start of the function, when Lambda gives it its full processor; a lazy load would be slower on small functions.
const xray = hasDaemon ? await import("./xray.ts") : undefined;
const tracer = xray?.tracer.isTracingEnabled() ? xray.tracer : undefined;

/** Middleware of middy that opens and closes the handler's subsegment and marks cold starts. */
export const subsegments = tracer ? xray?.subsegments : undefined;

/** Makes the calls of an SDK client appear in traces. */
export function traced<Client>(client: Client): Client {
  return tracer?.captureAWSv3Client(client) ?? client;
}

/** Adds an indexed value to the handler's subsegment, by which traces are searched. Identifiers and counts only. */
export function annotate(key: string, value: string | number | boolean): void {
  tracer?.putAnnotation(key, value);
}
