/** Requests of browsers to buckets: preflights, and the headers that let a page read an answer (Using cross-origin resource sharing). */
import type { Cloud } from "../core/cloud.ts";
import { isServiceError } from "../core/errors.ts";
import { ACCOUNT } from "../core/principal.ts";
import type { WireRequest, WireResponse } from "./wire.ts";

type Headers = Readonly<Record<string, string>>;

/** The headers that a bucket's rules add to an answer; undefined where no rule allows the origin. */
async function allowedBy(
  cloud: Cloud,
  request: WireRequest,
  method: string,
  asked: readonly string[],
): Promise<Headers | undefined> {
  const bucket = bucketOf(request.path);
  if (bucket === undefined) return undefined;
  const { crossOriginHeaders } = await import("../services/s3/buckets/cors.ts");
  try {
    const { CORSRules = [] } = await cloud.call("s3", "GetBucketCors", { Bucket: bucket }, ACCOUNT);
    return crossOriginHeaders({ CORSRules }, { origin: request.headers["origin"] ?? "", method, headers: asked });
  } catch (error) {
    if (isServiceError(error)) return undefined;
    throw error;
  }
}

function bucketOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.split("/")[1] ?? "");
  } catch {
    return undefined;
  }
}

/** Answers a preflight; undefined when the request is none. */
export async function preflight(cloud: Cloud, request: WireRequest): Promise<WireResponse | undefined> {
  const method = request.headers["access-control-request-method"];
  if (request.method !== "OPTIONS" || request.headers["origin"] === undefined || method === undefined) return undefined;
  const asked = (request.headers["access-control-request-headers"] ?? "")
    .split(",")
    .map((name) => name.trim().toLowerCase())
    .filter(Boolean);
  const headers = await allowedBy(cloud, request, method, asked);
  if (headers) return { status: 200, headers, body: "" };
  const body =
    "<Error><Code>AccessForbidden</Code><Message>CORSResponse: This CORS request is not allowed.</Message></Error>";
  return { status: 403, headers: { "content-type": "application/xml" }, body };
}

/** Adds the headers of the bucket's rules to an answer to a browser. */
export async function withCrossOrigin(
  cloud: Cloud,
  request: WireRequest,
  response: WireResponse,
): Promise<WireResponse> {
  const isForS3 = response.headers["x-amz-request-id"] !== undefined && request.headers["x-amz-target"] === undefined;
  if (request.headers["origin"] === undefined || !isForS3) return response;
  const headers = await allowedBy(cloud, request, request.method, []);
  return headers ? { ...response, headers: { ...response.headers, ...headers } } : response;
}
