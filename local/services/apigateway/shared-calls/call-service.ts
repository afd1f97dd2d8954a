/** AWS API calls of integrations: real requests to the cloud's own endpoint, signed as the integration's role. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Credentials } from "../../../core/cloud.ts";
import { SERVICES } from "../../index.ts";
import { assertAssumable } from "./assume-role.ts";
import { SESSION } from "./invoke-function.ts";
import { exchangeHttp, type Incoming } from "./loopback.ts";

export interface ServiceCall {
  /** The name in the ARN of the integration, which is the signing name. */
  readonly service: string;
  readonly action: string;
  readonly roleArn: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** By the service's JSON protocol. */
export function callService(cloud: Cloud, call: ServiceCall): Promise<Incoming> {
  const target = SERVICES.find(({ signingName }) => signingName === call.service)?.target;
  return signedRequest(cloud, {
    service: call.service,
    roleArn: call.roleArn,
    method: "POST",
    path: "/",
    headers: {
      "content-type": "application/x-amz-json-1.0",
      "x-amz-target": `${target ?? call.service}.${call.action}`,
    },
    body: Buffer.from(JSON.stringify(call.input)),
  });
}

/** By the older query protocol, whose answers are XML. Maps become numbered `Name` and `Value` pairs. */
export function callQueryService(cloud: Cloud, call: ServiceCall): Promise<Incoming> {
  const version = SERVICES.find(({ signingName }) => signingName === call.service)?.version ?? "";
  const form = new URLSearchParams({ Action: call.action, Version: version });
  for (const [name, value] of Object.entries(call.input)) addToForm(form, name, value);
  return signedRequest(cloud, {
    service: call.service,
    roleArn: call.roleArn,
    method: "POST",
    path: "/",
    headers: { "content-type": "application/x-www-form-urlencoded" },
    body: Buffer.from(form.toString()),
  });
}

function addToForm(form: URLSearchParams, name: string, value: unknown): void {
  if (typeof value !== "object" || value === null) {
    form.set(name, String(value));
    return;
  }
  for (const [index, [key, attribute]] of Object.entries(value).entries()) {
    const prefix = `${name.replace(/s$/, "")}.${index + 1}`;
    form.set(`${prefix}.Name`, key);
    for (const [member, text] of Object.entries(attribute ?? {})) form.set(`${prefix}.Value.${member}`, String(text));
  }
}

export interface ServiceRequest {
  readonly service: string;
  readonly roleArn: string;
  readonly method: string;
  /** With its query, percent-encoded. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | undefined;
}

/** Throws AccessDenied when the role does not trust API Gateway; what the service refuses is an answer like any other. */
export async function signedRequest(cloud: Cloud, request: ServiceRequest): Promise<Incoming> {
  assertAssumable(cloud, request.roleArn);
  const credentials = cloud.iam.issue(request.roleArn, SESSION);
  const headers = { ...request.headers, ...signature(cloud, credentials, request.service) };
  const { method, body } = request;
  const url = new URL(request.path, cloud.endpoint);
  return exchangeHttp(cloud, { url, method, headers, body }, credentials.accessKeyId);
}

/** The local cloud believes the key and never checks the signature: all of its keys are local. */
function signature(cloud: Cloud, credentials: Credentials, service: string): Record<string, string> {
  const time = new Date(cloud.clock.now()).toISOString().replace(/[-:]|\.\d+/g, "");
  const scope = `${time.slice(0, 8)}/${cloud.region}/${service}/aws4_request`;
  return {
    "x-amz-date": time,
    "x-amz-security-token": credentials.sessionToken,
    authorization: `AWS4-HMAC-SHA256 Credential=${credentials.accessKeyId}/${scope}, SignedHeaders=host;x-amz-date, Signature=local`,
  };
}
