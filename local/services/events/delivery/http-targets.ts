/** Targets behind HTTP: stages of API Gateway and API destinations. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import { connectionOf, destinationOf } from "../connections/store.ts";
import type { Delivery } from "./send.ts";

/** EventBridge waits five seconds for an API destination (API destinations as targets). */
const TIMEOUT_MS = 5_000;
const isLoopback = (host: string): boolean => host === "localhost" || host === "[::1]" || /^127(\.\d+){3}$/.test(host);

/** `arn:aws:execute-api:<region>:<account>:<api>/<stage>/<METHOD>/<path>`, signed by the target's role. */
export async function callApi(cloud: Cloud, delivery: Delivery): Promise<void> {
  const [api = "", stage = "", method = "POST", ...path] = delivery.targetArn.split(":").slice(5).join(":").split("/");
  const headers: Record<string, string> = { "content-type": "application/json", ...delivery.http?.headers };
  if (delivery.traceHeader !== undefined) headers[TRACE_HEADER] = delivery.traceHeader;
  if (delivery.roleArn !== undefined) {
    const { accessKeyId, sessionToken } = cloud.iam.issue(delivery.roleArn, "events");
    const day = new Date(cloud.clock.now()).toISOString().slice(0, 10).replaceAll("-", "");
    headers["authorization"] =
      `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${day}/${cloud.region}/execute-api/aws4_request, SignedHeaders=host, Signature=local`;
    headers["x-amz-security-token"] = sessionToken;
  }
  const filled = fillStars(path.join("/"), delivery.http?.path ?? []);
  await request(
    cloud,
    `${cloud.endpoint}/_apis/${api}/${stage}/${filled}`,
    method === "*" ? "POST" : method,
    headers,
    delivery,
  );
}

/** An API destination with the authorization of its connection. Only addresses of this machine can be reached. */
export async function callDestination(cloud: Cloud, delivery: Delivery): Promise<void> {
  const destination = destinationOf(cloud, delivery.targetArn);
  const connection = connectionOf(cloud, destination.connectionArn);
  const url = fillStars(destination.endpoint, delivery.http?.path ?? []);
  if (!isLoopback(new URL(url).hostname)) {
    throw new ServiceError(
      "SdkClientException",
      `The local cloud reaches only addresses of this machine, not ${new URL(url).hostname}`,
    );
  }
  await request(
    cloud,
    url,
    destination.method,
    { "content-type": "application/json", ...connection.headers, ...delivery.http?.headers },
    delivery,
  );
}

const fillStars = (text: string, values: readonly string[]): string => {
  let index = 0;
  return text.replaceAll("*", () => encodeURIComponent(values[index++] ?? "*"));
};

async function request(
  cloud: Cloud,
  url: string,
  method: string,
  headers: Record<string, string>,
  delivery: Delivery,
): Promise<void> {
  const target = new URL(url);
  for (const [name, value] of Object.entries(delivery.http?.query ?? {})) target.searchParams.set(name, value);
  const hasBody = method !== "GET" && method !== "HEAD";
  const isOwn = url.startsWith(cloud.endpoint);
  const answering = fetch(target, {
    method,
    headers,
    redirect: "manual",
    ...(hasBody ? { body: delivery.payload } : {}),
    ...(isOwn ? {} : { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  });
  // A stage of this cloud holds time itself while it works.
  const answer = await (isOwn ? cloud.clock.waiting(answering) : answering);
  await answer.arrayBuffer();
  if (answer.ok) return;
  const isRetried =
    answer.status === 401 ||
    answer.status === 407 ||
    answer.status === 409 ||
    answer.status === 429 ||
    answer.status >= 500;
  throw new ServiceError(
    isRetried ? "SdkServiceException" : "InvalidRequest",
    `${method} ${target.pathname} was answered ${answer.status}`,
    { status: answer.status },
  );
}
