/** `apigateway:invoke`: calls a REST or HTTP API of this cloud (Call API Gateway with Step Functions, developer guide). */
import type { Cloud } from "../../../../core/cloud.ts";
import type { Principal } from "../../../../core/principal.ts";
import { StatesFailure } from "../../../../states/failure.ts";
import type { TaskRequest } from "../../../../states/host.ts";
import { isArray, isObject, type Json } from "../../../../states/json.ts";
import { holdingTime, send } from "./request.ts";
import { signed } from "./signature.ts";
import { callerOf } from "../task.ts";

export async function invokeApi(cloud: Cloud, own: Principal, request: TaskRequest): Promise<Json> {
  const {
    ApiEndpoint: host,
    Method: method,
    Stage: stage,
    Path: path,
    RequestBody: content,
    AuthType: auth = "NO_AUTH",
    AllowNullValues: nulls,
    ...rest
  } = objectOf(request.argument);
  if (typeof host !== "string" || typeof method !== "string")
    throw new StatesFailure(
      "States.Runtime",
      "The parameters ApiEndpoint and Method of apigateway:invoke are required",
    );
  const as = await callerOf(cloud, own, request);
  const target = `/${[stage, path].flatMap((part) => (part === undefined || part === "" ? [] : [String(part).replace(/^\/+/, "")])).join("/")}`;
  const at = new URL(target, cloud.endpoint);
  for (const [name, values] of Object.entries(objectOf(rest["QueryParameters"]))) {
    for (const value of isArray(values) ? values : [values]) at.searchParams.append(name, String(value));
  }
  const body = content === undefined ? undefined : JSON.stringify(nulls === true ? content : withoutNulls(content));
  // Every call has a key, also an unsigned one: by it the gateway says that the call waits.
  const credentials = cloud.iam.issue(
    as.kind === "role" ? as.roleArn : "",
    as.kind === "role" ? as.sessionName : "states",
  );
  const signature =
    auth === "NO_AUTH"
      ? { host, "x-local-worker": credentials.accessKeyId }
      : signed({ method, host, path: decodeURI(at.pathname), query: at.searchParams, body: body ?? "" }, credentials, {
          region: cloud.region,
          service: "execute-api",
          now: cloud.clock.now(),
        });
  const headers = {
    ...headersOf(rest["Headers"]),
    ...(body === undefined ? {} : { "content-type": "application/json" }),
    ...signature,
  };
  const answer = await holdingTime(cloud, credentials.accessKeyId, `apigateway:invoke ${target}`, () =>
    send(at, { method, headers, body, signal: request.signal }),
  );
  const result = {
    Headers: answer.headers,
    ResponseBody: answer.body,
    StatusCode: answer.status,
    StatusText: answer.statusText,
  };
  if (answer.status >= 400) throw new StatesFailure(`ApiGateway.${answer.status}`, JSON.stringify(answer.body));
  return result;
}

const objectOf = (value: Json | undefined): Readonly<Record<string, Json>> => (isObject(value) ? value : {});

/** Values are lists in the parameters of this integration. */
export const headersOf = (value: Json | undefined): Record<string, string> =>
  Object.fromEntries(
    Object.entries(objectOf(value)).map(([name, values]) => [
      name.toLowerCase(),
      isArray(values) ? values.map(String).join(", ") : String(values),
    ]),
  );

function withoutNulls(value: Json): Json {
  if (isArray(value)) return value.map(withoutNulls);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, withoutNulls(item)]])),
  );
}
