/** Errors in the caller's protocol. */
import { isServiceError, ServiceError } from "../core/errors.ts";
import { cborDocument } from "./shapes/codecs.ts";
import type { ErrorShape, ServiceSchema } from "./service-schema.ts";
import type { WireResponse } from "./wire.ts";

export type WireFormat = "rest-json" | "rest-xml" | "json" | "cbor" | "query";

export interface ErrorContext {
  readonly format: WireFormat;
  readonly service: ServiceSchema | undefined;
  readonly requestId: string;
  readonly contentType: string | undefined;
  readonly path: string;
  readonly isHead: boolean;
}

const escapeXml = (text: string): string => text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** Anything that is not a ServiceError is a defect of the local cloud: the caller sees InternalFailure, never a stack. */
export function answerError(thrown: unknown, context: ErrorContext): WireResponse {
  const error = isServiceError(thrown)
    ? thrown
    : new ServiceError("InternalFailure", "The local cloud failed to answer this request", { status: 500 });
  const shape = context.service?.errorNamed(error.name);
  const isExpired =
    error.name === "ExpiredTokenException" && (context.format === "query" || context.format === "rest-xml");
  if (isExpired) return answerError(new ServiceError("ExpiredToken", error.message, { status: 403 }), context);
  const status = error.status ?? shape?.status ?? 400;
  const headers = detailHeaders(error, status);
  if (status === 304 || context.isHead)
    return { status, headers: { "x-amzn-errortype": error.name, ...headers }, body: "" };
  switch (context.format) {
    case "cbor":
      return {
        status,
        headers: {
          "smithy-protocol": "rpc-v2-cbor",
          "content-type": "application/cbor",
          ...queryCompatible(error, shape, context),
        },
        body: cborDocument(JSON.parse(JSON.stringify(jsonBody(error, shape)))),
      };
    case "json":
    case "rest-json":
      return {
        status,
        headers: {
          "content-type": context.contentType ?? "application/json",
          "x-amzn-errortype": error.name,
          ...queryCompatible(error, shape, context),
        },
        body: JSON.stringify(jsonBody(error, shape)),
      };
    case "rest-xml":
      // S3's front end refuses some paths without a word.
      if (error.message === "") return { status, headers, body: "" };
      return { status, headers: { "content-type": "application/xml", ...headers }, body: s3Body(error, context) };
    case "query":
      return { status, headers: { "content-type": "text/xml" }, body: queryBody(error, shape, status, context) };
  }
}

/** Details that S3 sends as headers: that there is a delete marker, and what a cache refreshes its copy with by a 304. */
const MARKER_HEADERS = ["x-amz-delete-marker", "x-amz-version-id", "Allow"];
const CACHE_HEADERS = ["ETag", "Last-Modified", "Cache-Control", "Expires"];

function detailHeaders({ detail }: ServiceError, status: number): Record<string, string> {
  const names = status === 304 ? [...MARKER_HEADERS, ...CACHE_HEADERS] : MARKER_HEADERS;
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = detail[name];
      return typeof value === "string" ? [[name.toLowerCase(), value]] : [];
    }),
  );
}

function jsonBody(error: ServiceError, shape: ErrorShape | undefined): Record<string, unknown> {
  const body: Record<string, unknown> = { __type: error.name, ...error.detail, message: error.message };
  // Some shapes call it `Message`; SDKs read the one their model names.
  if (shape?.schema.isStructSchema())
    for (const [name] of shape.schema.structIterator()) if (name === "Message") body["Message"] = error.message;
  return body;
}

/** SQS and CloudWatch moved from awsQuery to JSON; the header carries the code that older clients know. */
function queryCompatible(
  error: ServiceError,
  shape: ErrorShape | undefined,
  context: ErrorContext,
): Record<string, string> {
  if (!context.service?.isQueryCompatible) return {};
  const who = shape?.fault === "server" ? "Receiver" : "Sender";
  return { "x-amzn-query-error": `${shape?.queryCode ?? error.name};${who}` };
}

function s3Body(error: ServiceError, context: ErrorContext): string {
  const details = Object.entries(error.detail)
    .filter(([name, value]) => value !== undefined && !MARKER_HEADERS.includes(name))
    .map(([name, value]) => `<${name}>${escapeXml(String(value))}</${name}>`)
    .join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${error.name}</Code><Message>${escapeXml(error.message)}</Message>${details}<Resource>${escapeXml(context.path)}</Resource><RequestId>${context.requestId}</RequestId></Error>`;
}

function queryBody(error: ServiceError, shape: ErrorShape | undefined, status: number, context: ErrorContext): string {
  const who = status >= 500 ? "Receiver" : "Sender";
  return `<ErrorResponse xmlns="${context.service?.xmlNamespace ?? ""}"><Error><Type>${who}</Type><Code>${shape?.queryCode ?? error.name}</Code><Message>${escapeXml(error.message)}</Message></Error><RequestId>${context.requestId}</RequestId></ErrorResponse>`;
}
