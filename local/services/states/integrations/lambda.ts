/** Functions: by their ARN, and as `lambda:invoke`. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { TaskRequest } from "../../../states/host.ts";
import { isObject, type Json } from "../../../states/json.ts";
import { optimizedFailure } from "./errors.ts";
import { concluded, record, callerOf } from "./task.ts";
import { withMetadata } from "./metadata.ts";

/** `Resource: <function ARN>`: the argument is the event, the function's result the task's. */
export function invokeDirectly(cloud: Cloud, own: Principal, request: TaskRequest, arn: string): Promise<Json> {
  const names = { type: "LambdaFunction", common: {} } as const;
  record(request, names, "Scheduled", {
    resource: arn,
    input: JSON.stringify(request.argument),
    inputDetails: { truncated: false },
    ...(request.timeoutSeconds === undefined ? {} : { timeoutInSeconds: request.timeoutSeconds }),
    ...(request.roleArn === undefined ? {} : { taskCredentials: { roleArn: request.roleArn } }),
  });
  record(request, names, "Started", undefined);
  return concluded(
    request,
    names,
    arn,
    async () => (await invoke(cloud, own, request, { FunctionName: arn, Payload: request.argument })).payload,
  );
}

/** `lambda:invoke`: the API's parameters, with Payload as JSON; answers the API's result likewise. */
export async function invokeOptimized(cloud: Cloud, own: Principal, request: TaskRequest): Promise<Json> {
  if (!isObject(request.argument))
    throw new StatesFailure("States.Runtime", "The parameters of lambda:invoke must be an object");
  const { payload, statusCode, version } = await invoke(cloud, own, request, request.argument);
  return withMetadata(cloud, {
    ...(version === undefined ? {} : { ExecutedVersion: version }),
    ...(request.argument["InvocationType"] === "Event" ? {} : { Payload: payload }),
    StatusCode: statusCode,
  });
}

interface Invoked {
  readonly payload: Json;
  readonly statusCode: number;
  readonly version: string | undefined;
}

async function invoke(
  cloud: Cloud,
  own: Principal,
  request: TaskRequest,
  parameters: Readonly<Record<string, Json>>,
): Promise<Invoked> {
  const { Payload: event, ...rest } = parameters;
  const requestId = cloud.uuid();
  let answer;
  try {
    const as = await callerOf(cloud, own, request);
    // The parameters come from a definition: the lambda service checks them.
    const input = { ...rest, ...(event === undefined ? {} : { Payload: Buffer.from(JSON.stringify(event)) }) } as {
      FunctionName: string;
    };
    answer = await cloud.call("lambda", "Invoke", input, as);
  } catch (error) {
    throw optimizedFailure("lambda", error, requestId);
  }
  const text = answer.Payload === undefined ? "" : Buffer.from(answer.Payload).toString();
  if (answer.FunctionError !== undefined) throw functionFailure(text);
  return {
    payload: text === "" ? {} : parsed(text),
    statusCode: answer.StatusCode ?? 200,
    version: answer.ExecutedVersion,
  };
}

function parsed(text: string): Json {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return text;
  }
}

/** A function's own error is known by its type; its cause is the whole payload as text. */
function functionFailure(text: string): StatesFailure {
  const payload = parsed(text);
  const type = isObject(payload) ? payload["errorType"] : undefined;
  if (typeof type === "string" && type !== "") return new StatesFailure(type, text);
  return new StatesFailure(
    "Lambda.Unknown",
    `The cause could not be determined because Lambda did not return an error type. Returned payload: ${text}`,
  );
}
