/** Cross-origin rules: kept for a bucket, and applied to a browser's requests (Using cross-origin resource sharing). */
import type { CORSConfiguration, CORSRule } from "@aws-sdk/client-s3";
import type { Handler } from "../../../core/service.ts";
import { invalidRequest, malformedXml, notConfigured } from "../errors.ts";
import type { S3, Store } from "../store.ts";

const METHODS = new Set(["GET", "PUT", "POST", "DELETE", "HEAD"]);

export const getBucketCors =
  (store: Store): Handler<S3, "GetBucketCors"> =>
  (input) => {
    const { name, record } = store.bucket(input);
    if (record.cors) return record.cors;
    throw notConfigured("NoSuchCORSConfiguration", "The CORS configuration does not exist", name);
  };

export const putBucketCors =
  (store: Store): Handler<S3, "PutBucketCors"> =>
  (input) => {
    const bucket = store.bucket(input);
    const rules = input.CORSConfiguration?.CORSRules ?? [];
    if (rules.length === 0 || rules.length > 100) throw malformedXml();
    rules.forEach(checkRule);
    store.configure(bucket, { cors: { CORSRules: rules } });
    return {};
  };

export const deleteBucketCors =
  (store: Store): Handler<S3, "DeleteBucketCors"> =>
  (input) => {
    store.configure(store.bucket(input), { cors: undefined });
    return {};
  };

function checkRule(rule: CORSRule): void {
  const { AllowedMethods: methods = [], AllowedOrigins: origins = [], AllowedHeaders: headers = [] } = rule;
  if (methods.length === 0 || origins.length === 0) throw malformedXml();
  const unknown = methods.find((method) => !METHODS.has(method));
  if (unknown !== undefined) {
    throw invalidRequest(`Found unsupported HTTP method in CORS config. Unsupported method is ${unknown}`);
  }
  const crowded = [...origins, ...headers].find((pattern) => pattern.split("*").length > 2);
  if (crowded !== undefined) {
    const kind = origins.includes(crowded) ? "AllowedOrigin" : "AllowedHeader";
    throw invalidRequest(`${kind} "${crowded}" can not have more than one wildcard.`);
  }
}

export interface CrossOriginRequest {
  readonly origin: string;
  /** The method of the request, or the one that a preflight asks about. */
  readonly method: string;
  /** The headers that a preflight asks about; none otherwise. */
  readonly headers: readonly string[];
}

/** The headers that allow a browser's request; undefined when no rule does. */
export function crossOriginHeaders(
  configuration: CORSConfiguration | undefined,
  request: CrossOriginRequest,
): Readonly<Record<string, string>> | undefined {
  const rule = configuration?.CORSRules?.find((candidate) => allows(candidate, request));
  if (!rule) return undefined;
  const isAnybody = rule.AllowedOrigins?.includes("*") === true;
  return {
    "access-control-allow-origin": isAnybody ? "*" : request.origin,
    "access-control-allow-methods": (rule.AllowedMethods ?? []).join(", "),
    ...(!isAnybody && { "access-control-allow-credentials": "true" }),
    ...(request.headers.length > 0 && { "access-control-allow-headers": request.headers.join(", ").toLowerCase() }),
    ...(rule.ExposeHeaders?.length && { "access-control-expose-headers": rule.ExposeHeaders.join(", ") }),
    ...(rule.MaxAgeSeconds !== undefined && { "access-control-max-age": String(rule.MaxAgeSeconds) }),
    vary: "Origin, Access-Control-Request-Headers, Access-Control-Request-Method",
  };
}

const allows = (rule: CORSRule, { origin, method, headers }: CrossOriginRequest): boolean =>
  rule.AllowedMethods?.includes(method) === true &&
  rule.AllowedOrigins?.some((pattern) => fits(pattern, origin)) === true &&
  headers.every((header) =>
    (rule.AllowedHeaders ?? []).some((pattern) => fits(pattern.toLowerCase(), header.toLowerCase())),
  );

function fits(pattern: string, text: string): boolean {
  const [start = "", end] = pattern.split("*");
  if (end === undefined) return pattern === text;
  return text.length >= start.length + end.length && text.startsWith(start) && text.endsWith(end);
}
