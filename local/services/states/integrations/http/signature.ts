/** AWS Signature Version 4 for plain HTTP requests ("Create a signed AWS API request", IAM user guide). */
import { createHash, createHmac } from "node:crypto";
import type { Credentials } from "../../../../core/cloud.ts";

export interface Unsigned {
  readonly method: string;
  readonly host: string;
  /** Percent-encoded, with its leading slash. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
const hmac = (key: string | Buffer, text: string): Buffer => createHmac("sha256", key).update(text).digest();
const encoded = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`);

/** The headers that make the request a signed one. `now` in epoch milliseconds. */
export function signed(
  request: Unsigned,
  credentials: Credentials,
  options: { region: string; service: string; now: number },
): Record<string, string> {
  const time = `${new Date(options.now).toISOString().replace(/[-:]|\.\d+/g, "")}`;
  const day = time.slice(0, 8);
  const headers: Record<string, string> = {
    host: request.host,
    "x-amz-date": time,
    ...(credentials.sessionToken === "" ? {} : { "x-amz-security-token": credentials.sessionToken }),
  };
  const names = Object.keys(headers).sort();
  const query = [...request.query.entries()]
    .map(([name, value]) => `${encoded(name)}=${encoded(value)}`)
    .sort()
    .join("&");
  const canonical = [
    request.method,
    request.path.split("/").map(encoded).join("/"),
    query,
    ...names.map((name) => `${name}:${headers[name] ?? ""}`),
    "",
    names.join(";"),
    sha256(request.body),
  ].join("\n");
  const scope = `${day}/${options.region}/${options.service}/aws4_request`;
  const toSign = ["AWS4-HMAC-SHA256", time, scope, sha256(canonical)].join("\n");
  const key = [options.region, options.service, "aws4_request"].reduce<Buffer>(
    (last, part) => hmac(last, part),
    hmac(`AWS4${credentials.secretAccessKey}`, day),
  );
  const signature = hmac(key, toSign).toString("hex");
  return {
    ...headers,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=${names.join(";")}, Signature=${signature}`,
  };
}
