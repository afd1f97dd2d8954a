/** Presigned URLs: valid from X-Amz-Date for X-Amz-Expires seconds (Authenticating Requests: Using Query Parameters, Amazon S3). */
import { ServiceError } from "../core/errors.ts";
import type { WireRequest } from "./wire.ts";

const LONGEST_SECONDS = 604_800;

export function assertNotExpired(query: URLSearchParams, now: number): void {
  const until = query.has("AWSAccessKeyId") ? Number(query.get("Expires")) * 1000 : undefined;
  if (until !== undefined && !(now <= until)) {
    const detail = { Expires: new Date(until || 0).toISOString(), ServerTime: new Date(now).toISOString() };
    throw new ServiceError("AccessDenied", "Request has expired", { status: 403, detail });
  }
  const signedAt = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(query.get("X-Amz-Date") ?? "");
  const expires = query.get("X-Amz-Expires");
  if (!signedAt || expires === null) return;
  const [, year, month, day, hour, minute, second] = signedAt.map(Number);
  const start = Date.UTC(year ?? 0, (month ?? 1) - 1, day ?? 1, hour ?? 0, minute ?? 0, second ?? 0);
  if (!/^-?\d+$/.test(expires)) throw wrongParameters("X-Amz-Expires should be a number");
  if (Number(expires) < 0) throw wrongParameters("X-Amz-Expires must be non-negative");
  if (Number(expires) > LONGEST_SECONDS) {
    throw wrongParameters(
      "X-Amz-Expires must be less than a week (in seconds); that is, the given X-Amz-Expires must be less than 604800 seconds",
    );
  }
  if (!(now <= start + Number(expires) * 1000)) {
    throw new ServiceError("AccessDenied", "Request has expired", {
      status: 403,
      detail: {
        "X-Amz-Expires": expires,
        Expires: new Date(start + Number(expires) * 1000).toISOString(),
        ServerTime: new Date(now).toISOString(),
      },
    });
  }
}

const wrongParameters = (message: string): ServiceError =>
  new ServiceError("AuthorizationQueryParametersError", message, { status: 400 });

/**
 * With the headers that were signed into the URL: the SDK moves `x-amz-*` headers of a presigned request into its query. Checksums
 * stay where they are: the SDK presigns those of the empty body that it has.
 */
export function withPresignedHeaders(request: WireRequest): WireRequest {
  if (!request.query.has("X-Amz-Signature")) return request;
  const signed = [...request.query].filter(([name]) => /^x-amz-(?!checksum-|sdk-)/.test(name));
  return { ...request, headers: { ...Object.fromEntries(signed), ...request.headers } };
}
