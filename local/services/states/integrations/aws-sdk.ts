/** Any operation of any service: `aws-sdk:<service>:<action>`, and the optimized ones that only call one. */
import type { Cloud } from "../../../core/cloud.ts";
import type { Principal } from "../../../core/principal.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { TaskRequest } from "../../../states/host.ts";
import { isArray, isObject, type Json, type JsonObject } from "../../../states/json.ts";
import { optimizedFailure, sdkFailure } from "./errors.ts";
import { withMetadata } from "./metadata.ts";
import { hasSmallLetters, renamed } from "./names.ts";
import { callerOf } from "./task.ts";

const operationName = (action: string): string => action.charAt(0).toUpperCase() + action.slice(1);

/** Actions that answer streams or never end are not offered (AWS SDK service integrations, developer guide). */
export async function callSdk(
  cloud: Cloud,
  own: Principal,
  request: TaskRequest,
  service: string,
  action: string,
): Promise<Json> {
  const requestId = cloud.uuid();
  try {
    const as = await callerOf(cloud, own, request);
    const small = hasSmallLetters(service);
    const input = small ? renamed(request.argument, "small") : request.argument;
    const output = await cloud.callNamed(service, operationName(action), input, as);
    return toJson(small ? renamed(output, "capital") : output);
  } catch (error) {
    throw error instanceof StatesFailure ? error : sdkFailure(service, error, requestId);
  }
}

/** Optimized: parameters may be JSON where the API wants text, the result has metadata. */
export async function callOptimized(
  cloud: Cloud,
  own: Principal,
  request: TaskRequest,
  service: string,
  action: string,
): Promise<Json> {
  const requestId = cloud.uuid();
  const prepare = PREPARE[`${service}:${action}`];
  const argument = isObject(request.argument) ? request.argument : {};
  let output: Json;
  try {
    const as = await callerOf(cloud, own, request);
    output = toJson(await cloud.callNamed(service, operationName(action), prepare ? prepare(argument) : argument, as));
  } catch (error) {
    throw optimizedFailure(service, error, requestId);
  }
  const result = isObject(output) ? output : {};
  if (service === "events") checkEntries(result);
  return withMetadata(cloud, result);
}

/** Numbers beyond JSON's, sets and the like do not occur: the gateway answers plain data. */
const toJson = (value: unknown): Json => {
  const json: Json = JSON.parse(JSON.stringify(value ?? {}));
  return json;
};

const text = (value: Json | undefined): Json => (typeof value === "string" ? value : JSON.stringify(value ?? null));

const PREPARE: Readonly<Record<string, (argument: JsonObject) => JsonObject>> = {
  "sqs:sendMessage": (argument) =>
    argument["MessageBody"] === undefined ? argument : { ...argument, MessageBody: text(argument["MessageBody"]) },
  "sns:publish": (argument) =>
    argument["Message"] === undefined ? argument : { ...argument, Message: text(argument["Message"]) },
  "events:putEvents": (argument) => {
    const entries = argument["Entries"];
    return {
      ...argument,
      Entries: (isArray(entries) ? entries : []).map((entry) =>
        isObject(entry) && entry["Detail"] !== undefined ? { ...entry, Detail: text(entry["Detail"]) } : entry,
      ),
    };
  },
};

/** A failed entry fails the task (Send events to EventBridge, developer guide). */
function checkEntries(output: JsonObject): void {
  const { FailedEntryCount: failed } = output;
  if (typeof failed === "number" && failed > 0)
    throw new StatesFailure("EventBridge.FailedEntry", JSON.stringify(output));
}
