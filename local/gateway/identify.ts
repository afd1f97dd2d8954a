/** Which service a request is for. */
import type { ServiceEntry } from "../core/service.ts";
import type { WireFormat } from "./answer-error.ts";
import type { WireRequest } from "./wire.ts";

export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
}

/** Who signed, from the Authorization header or a presigned query. The signature itself is not verified: keys are local. */
export function signatureOf(request: Pick<WireRequest, "headers" | "query">): Signature | undefined {
  const header = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.headers["authorization"] ?? "");
  const found = header ?? /^([^/]+)\/\d+\/([^/]+)\/([^/]+)\//.exec(request.query.get("X-Amz-Credential") ?? "");
  // Signature version 2 lives on in presigned URLs that boto3 makes for S3.
  const old = request.query.get("AWSAccessKeyId");
  if (!found) return old === null ? undefined : { accessKeyId: old, region: "us-east-1", service: "s3" };
  return { accessKeyId: found[1] ?? "", region: found[2] ?? "", service: found[3] ?? "" };
}

export interface Identified {
  /** More than one where services share a signing name and are told apart by their routes. */
  readonly candidates: readonly ServiceEntry[];
  readonly format: WireFormat;
  /** Known from the request itself, unless the protocol is REST. */
  readonly operation: string | undefined;
  readonly form: URLSearchParams | undefined;
}

export function identify(
  all: readonly ServiceEntry[],
  request: WireRequest,
  signature: Signature | undefined,
): Identified {
  const [target, operation] = (request.headers["x-amz-target"] ?? "").split(".");
  if (target)
    return {
      candidates: all.filter((entry) => entry.target === target),
      format: "json",
      operation: operation ?? "",
      form: undefined,
    };

  const rpc = /^\/service\/([^/]+)\/operation\/(\w+)$/.exec(request.path);
  if (rpc && request.headers["smithy-protocol"] === "rpc-v2-cbor") {
    return {
      candidates: all.filter((entry) => entry.target === rpc[1]),
      format: "cbor",
      operation: rpc[2],
      form: undefined,
    };
  }

  if (
    (request.headers["content-type"] ?? "").startsWith("application/x-www-form-urlencoded") &&
    request.method === "POST"
  ) {
    const form = new URLSearchParams(request.body.toString());
    const action = form.get("Action");
    if (action !== null) {
      const sameVersion = all.filter((entry) => entry.version !== undefined && entry.version === form.get("Version"));
      const signed = sameVersion.filter((entry) => entry.signingName === signature?.service);
      return { candidates: signed.length > 0 ? signed : sameVersion, format: "query", operation: action, form };
    }
  }

  // Links that SNS puts into its messages: `/?Action=ConfirmSubscription&…`, opened by anybody.
  if (request.method === "GET" && request.path === "/" && request.query.has("Action")) {
    return {
      candidates: all.filter((entry) => entry.id === "sns"),
      format: "query",
      operation: request.query.get("Action") ?? "",
      form: request.query,
    };
  }

  const rest = all.filter(
    (entry) =>
      (signature ? entry.signingName === signature.service : entry.id === "s3") && entry.protocol.startsWith("rest"),
  );
  return {
    candidates: rest,
    format: rest[0]?.protocol === "rest-xml" ? "rest-xml" : "rest-json",
    operation: undefined,
    form: undefined,
  };
}
