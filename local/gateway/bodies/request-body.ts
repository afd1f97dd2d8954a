/** Bodies as they were before the SDK framed or compressed them. */
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { ServiceError } from "../../core/errors.ts";
import { decodeAwsChunked, isAwsChunked } from "./aws-chunked.ts";
import type { Signature } from "../identify.ts";
import type { WireRequest } from "../wire.ts";
import { serializationException } from "../shapes/wrong-type.ts";

/** AWS's front ends refuse longer bodies of JSON and query requests; only S3's and deployment packages are larger. */
export const LONGEST_DOCUMENT = 100 * 1024 * 1024;

export const tooLarge = (): ServiceError =>
  new ServiceError("RequestEntityTooLargeException", "Request size exceeds limit", { status: 413 });

/** S3 keeps what it gets, in whatever encoding; a document for anything else is meant to be read. */
export function isDocument({ headers }: Pick<WireRequest, "headers">, signature: Signature | undefined): boolean {
  if (headers["x-amz-target"] !== undefined || headers["smithy-protocol"] !== undefined) return true;
  if ((headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded")) return true;
  return signature !== undefined && signature.service !== "s3";
}

/** Throws IncompleteBody, SerializationException or RequestEntityTooLargeException. */
export async function unframed(request: WireRequest, signature: Signature | undefined): Promise<WireRequest> {
  if (isAwsChunked(request.headers)) return unchunked(request);
  if (request.headers["content-encoding"]?.trim().toLowerCase() !== "gzip" || !isDocument(request, signature))
    return request;
  const body = await promisify(gunzip)(request.body, { maxOutputLength: LONGEST_DOCUMENT }).catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ERR_BUFFER_TOO_LARGE") throw tooLarge();
    throw serializationException("The request body is not valid gzip");
  });
  return { ...request, body, headers: { ...request.headers, "content-encoding": undefined } };
}

function unchunked(request: WireRequest): WireRequest {
  const { body, trailers } = decodeAwsChunked(request.body);
  const length = request.headers["x-amz-decoded-content-length"];
  if (length !== undefined && Number(length) !== body.length) {
    throw new ServiceError(
      "IncompleteBody",
      "You did not provide the number of bytes specified by the Content-Length HTTP header",
      { status: 400 },
    );
  }
  const encoding = (request.headers["content-encoding"] ?? "")
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "" && part !== "aws-chunked")
    .join(",");
  return {
    ...request,
    body,
    headers: { ...request.headers, "content-encoding": encoding === "" ? undefined : encoding, ...trailers },
  };
}
