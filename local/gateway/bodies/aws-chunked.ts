/** Bodies that SDKs send in signed chunks (`STREAMING-*` payloads): `<hex size>[;chunk-signature=…]\r\n<bytes>\r\n … 0 … trailers`. */
import { ServiceError } from "../../core/errors.ts";

export const isAwsChunked = (headers: Readonly<Record<string, string | undefined>>): boolean =>
  /\baws-chunked\b/.test(headers["content-encoding"] ?? "") ||
  (headers["x-amz-content-sha256"] ?? "").startsWith("STREAMING-");

/** The bytes and the trailing headers (checksums). Throws IncompleteBody when the framing is broken. */
export function decodeAwsChunked(body: Buffer): { body: Buffer; trailers: Record<string, string> } {
  const chunks: Buffer[] = [];
  let offset = 0;
  for (;;) {
    const lineEnd = body.indexOf("\r\n", offset);
    const size = lineEnd < 0 ? Number.NaN : Number.parseInt(body.toString("latin1", offset, lineEnd), 16);
    if (!Number.isInteger(size) || size < 0 || lineEnd + 2 + size > body.length) {
      throw new ServiceError("IncompleteBody", "The request body terminated unexpectedly", { status: 400 });
    }
    offset = lineEnd + 2;
    if (size === 0) break;
    chunks.push(body.subarray(offset, offset + size));
    offset += size + 2;
  }
  const trailers: Record<string, string> = {};
  for (const line of body.toString("latin1", offset).split("\r\n")) {
    const colon = line.indexOf(":");
    if (colon > 0) trailers[line.slice(0, colon).trim().toLowerCase()] = line.slice(colon + 1).trim();
  }
  return { body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks), trailers };
}
