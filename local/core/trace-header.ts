/** The header that goes from request to request, `Root=…;Parent=…;Sampled=1` ("Tracing header", AWS X-Ray Developer Guide). */
import type { Cloud } from "./cloud.ts";

/** Its name as requests carry it. */
export const TRACE_HEADER = "x-amzn-trace-id";

export interface TraceHeader {
  /** `1-<seconds since 1970, 8 hex digits>-<24 hex digits>`. */
  readonly root: string;
  /** The segment or subsegment that made the request: 16 hex digits. */
  readonly parent: string | undefined;
  /** Undefined when nobody has decided yet. */
  readonly isSampled: boolean | undefined;
}

export const isTraceId = (text: string): boolean => /^1-[0-9a-f]{8}-[0-9a-f]{24}$/i.test(text);
export const isSegmentId = (text: string): boolean => /^[0-9a-f]{16}$/i.test(text);

/** Undefined for a header that names no trace: it is discarded. What else is in it, Lambda's lineage for instance, is left out. */
export function readTraceHeader(text: string | undefined): TraceHeader | undefined {
  const fields = new Map<string, string>();
  for (const field of (text ?? "").split(";")) {
    const [name = "", value = ""] = field.trim().split("=");
    fields.set(name, value);
  }
  const root = fields.get("Root") ?? "";
  if (!isTraceId(root)) return undefined;
  const parent = fields.get("Parent") ?? "";
  const sampled = fields.get("Sampled");
  return {
    root,
    parent: isSegmentId(parent) ? parent : undefined,
    isSampled: sampled === "1" ? true : sampled === "0" ? false : undefined,
  };
}

export const writeTraceHeader = ({ root, parent, isSampled }: TraceHeader): string =>
  [
    `Root=${root}`,
    ...(parent === undefined ? [] : [`Parent=${parent}`]),
    ...(isSampled === undefined ? [] : [`Sampled=${isSampled ? "1" : "0"}`]),
  ].join(";");

/** The id of a trace that begins now. */
export function newTraceId(cloud: Pick<Cloud, "clock" | "uuid">): string {
  const seconds = Math.floor(cloud.clock.now() / 1000)
    .toString(16)
    .padStart(8, "0");
  return `1-${seconds}-${cloud.uuid().replaceAll("-", "").slice(0, 24)}`;
}

export const newSegmentId = (cloud: Pick<Cloud, "uuid">): string => cloud.uuid().replaceAll("-", "").slice(16);

/** The cloud, whose calls carry this header: for a service that does something on behalf of a traced request. */
export function withTraceHeader(cloud: Cloud, header: string | undefined): Cloud {
  if (header === undefined) return cloud;
  const traced: Pick<Cloud, "call" | "callNamed"> = {
    call: (service, operation, input, as, headers = {}) =>
      cloud.call(service, operation, input, as, { ...headers, [TRACE_HEADER]: header }),
    callNamed: (service, operation, input, as, headers = {}) =>
      cloud.callNamed(service, operation, input, as, { ...headers, [TRACE_HEADER]: header }),
  };
  // The cloud has accessors, so it is extended rather than spread.
  return Object.assign(Object.create(cloud) as Cloud, traced);
}
