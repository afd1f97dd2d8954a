/** `http:invoke`: calls any HTTPS endpoint with the credentials of an EventBridge connection (Call HTTPS APIs, developer guide). */
import type { Cloud } from "../../../../core/cloud.ts";
import type { Principal } from "../../../../core/principal.ts";
import { ACCOUNT } from "../../../../core/principal.ts";
import { StatesFailure } from "../../../../states/failure.ts";
import type { TaskRequest } from "../../../../states/host.ts";
import { isArray, isObject, type Json } from "../../../../states/json.ts";
import { headersOf } from "./apigateway.ts";
import { optimizedFailure } from "../errors.ts";
import { holdingTime, send } from "./request.ts";
import { callerOf } from "../task.ts";

/** A call has a minute. */
const LIMIT_MS = 60_000;
const REFUSED = "States.Http.";

export async function invokeEndpoint(cloud: Cloud, own: Principal, request: TaskRequest): Promise<Json> {
  const parameters = isObject(request.argument) ? request.argument : {};
  const {
    ApiEndpoint: endpoint,
    Method: method,
    RequestBody: content,
    QueryParameters: query,
    Transform: transform,
  } = parameters;
  if (typeof endpoint !== "string" || typeof method !== "string")
    throw new StatesFailure("States.Runtime", "The parameters ApiEndpoint and Method of http:invoke are required");
  if (transform !== undefined)
    throw new StatesFailure("NotImplemented", "The local cloud does not implement Transform of http:invoke");
  const at = new URL(endpoint);
  for (const [name, value] of Object.entries(isObject(query) ? query : {})) {
    for (const item of isArray(value) ? value : [value]) at.searchParams.append(name, String(item));
  }
  const as = await callerOf(cloud, own, request);
  const authorization = await connectionHeaders(cloud, as, parameters, endpoint, method);
  const body = content === undefined ? undefined : typeof content === "string" ? content : JSON.stringify(content);
  const headers = {
    "user-agent": "Amazon|StepFunctions|HttpInvoke|local",
    range: "bytes=0-262144",
    "content-type": "application/json",
    ...headersOf(parameters["Headers"]),
    ...authorization,
  };
  const signal = AbortSignal.any([request.signal, AbortSignal.timeout(LIMIT_MS)]);
  try {
    const answer = await holdingTime(cloud, "", `http:invoke ${at.host}`, () =>
      send(at, { method, headers, body, signal }),
    );
    if (answer.status >= 400)
      throw new StatesFailure(`${REFUSED}StatusCode.${answer.status}`, JSON.stringify(answer.body));
    return {
      Headers: answer.headers,
      ResponseBody: answer.body,
      StatusCode: answer.status,
      StatusText: answer.statusText,
    };
  } catch (error) {
    if (error instanceof StatesFailure || request.signal.aborted) throw error;
    throw new StatesFailure(
      `${REFUSED}Socket`,
      `Connection to the endpoint failed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** The role needs what it needs on AWS; the secret is then read by the service. */
async function connectionHeaders(
  cloud: Cloud,
  as: Principal,
  parameters: Readonly<Record<string, Json>>,
  endpoint: string,
  method: string,
): Promise<Record<string, string>> {
  const { Authentication: authentication, InvocationConfig: config } = parameters;
  const holder = isObject(authentication) ? authentication : isObject(config) ? config : {};
  const { ConnectionArn: connectionArn } = holder;
  if (typeof connectionArn !== "string")
    throw new StatesFailure("States.Runtime", "The parameter Authentication.ConnectionArn of http:invoke is required");
  try {
    const context = { "states:HTTPEndpoint": endpoint, "states:HTTPMethod": method };
    cloud.iam.authorize(as, { action: "states:InvokeHTTPEndpoint", resource: "*", context }, undefined);
    cloud.iam.authorize(as, { action: "events:RetrieveConnectionCredentials", resource: connectionArn }, undefined);
    const Name = /connection\/([^/]+)/.exec(connectionArn)?.[1] ?? "";
    const { SecretArn: secret, AuthorizationType: kind } = await cloud.call(
      "events",
      "DescribeConnection",
      { Name },
      ACCOUNT,
    );
    cloud.iam.authorize(as, { action: "secretsmanager:GetSecretValue", resource: secret ?? "*" }, undefined);
    const { SecretString: text = "{}" } = await cloud.call(
      "secretsmanager",
      "GetSecretValue",
      { SecretId: secret ?? "" },
      ACCOUNT,
    );
    return headersFrom(kind, JSON.parse(text));
  } catch (error) {
    throw error instanceof StatesFailure ? error : optimizedFailure("events", error, cloud.uuid());
  }
}

/** Secrets of connections hold what their type needs. */
function headersFrom(kind: string | undefined, secret: Json): Record<string, string> {
  const value = (name: string): string => (isObject(secret) ? String(secret[name] ?? "") : "");
  if (kind === "API_KEY") return { [value("api_key_name").toLowerCase()]: value("api_key_value") };
  if (kind === "BASIC")
    return { authorization: `Basic ${Buffer.from(`${value("username")}:${value("password")}`).toString("base64")}` };
  throw new StatesFailure(
    "NotImplemented",
    `The local cloud does not implement connections of type ${kind ?? "(none)"}`,
  );
}
