/** Does the work of Task states: functions, activities, and services by their integrations. */
import type { Cloud } from "../../../core/cloud.ts";
import { withTraceHeader } from "../../../core/trace-header.ts";
import { StatesFailure } from "../../../states/failure.ts";
import type { TaskRequest } from "../../../states/host.ts";
import { isObject, type Json } from "../../../states/json.ts";
import type { Execution } from "../executions/execution.ts";
import { headerWithin } from "../telemetry/execution-trace.ts";
import { runActivity } from "./activity.ts";
import { invokeApi } from "./http/apigateway.ts";
import { callOptimized, callSdk } from "./aws-sdk.ts";
import { invokeEndpoint } from "./http/endpoint.ts";
import { invokeDirectly, invokeOptimized } from "./lambda.ts";
import { readResource, type Resource } from "./resource.ts";
import { childOutput, startChild } from "./start-execution.ts";
import { abortable, concluded, outputDetails, record, type EventNames } from "./task.ts";

type ServiceResource = Extract<Resource, { kind: "service" }>;

/** Rejects with the StatesFailure of the task, or with the signal's reason as soon as it is aborted. */
export function performTask(execution: Execution, request: TaskRequest): Promise<Json> {
  const cloud = cloudOf(execution, request);
  const resource = readResource(request.resource);
  if (!resource)
    return Promise.reject(
      new StatesFailure("States.Runtime", `The resource provided ${request.resource} is not recognized.`, {
        located: true,
      }),
    );
  if (resource.kind === "function") return invokeDirectly(cloud, execution.principal, request, resource.arn);
  if (resource.kind === "activity") return runActivity(execution.services, request, resource.arn);
  return runService(execution, request, resource);
}

/** Calls of a traced execution carry its trace, and the state they are made in. */
const cloudOf = (execution: Execution, { enteredEventId }: TaskRequest): Cloud =>
  withTraceHeader(execution.services.store.cloud, headerWithin(execution.record, enteredEventId));

function runService(execution: Execution, request: TaskRequest, resource: ServiceResource): Promise<Json> {
  const { service, action, pattern, isSdk } = resource;
  const shown = request.resource.slice(request.resource.lastIndexOf(`${service}:`) + service.length + 1);
  const names: EventNames = {
    type: "Task",
    common: { resourceType: isSdk ? `aws-sdk:${service}` : service, resource: shown },
  };
  record(request, names, "Scheduled", {
    region: execution.services.store.cloud.region,
    parameters: JSON.stringify(request.argument),
    ...(request.timeoutSeconds === undefined ? {} : { timeoutInSeconds: request.timeoutSeconds }),
    ...(request.heartbeatSeconds === undefined ? {} : { heartbeatInSeconds: request.heartbeatSeconds }),
    ...(request.roleArn === undefined ? {} : { taskCredentials: { roleArn: request.roleArn } }),
  });
  record(request, names, "Started", {});
  return concluded(request, names, service, async () => {
    if (pattern === "token") return waitForToken(execution, request, resource, names);
    if (pattern === "request") return call(execution, request, resource);
    if (service !== "states" || action !== "startExecution") throw notHere(request.resource);
    const { arn, answer } = await startChild(cloudOf(execution, request), execution.principal, request);
    record(request, names, "Submitted", outputDetails(answer));
    return childOutput(execution.services, request, { arn, asJson: pattern === "sync:2", own: execution.principal });
  });
}

async function waitForToken(
  execution: Execution,
  request: TaskRequest,
  resource: ServiceResource,
  names: EventNames,
): Promise<Json> {
  const { tokens } = execution.services;
  const token = request.taskToken ?? "";
  const answer = tokens.wait(token, request.signal, request.heartbeat);
  try {
    // The answer may come, and may be a failure, while the call is still under way.
    answer.catch(() => undefined);
    const submitted = await abortable(call(execution, request, resource), request.signal);
    record(request, names, "Submitted", outputDetails(submitted));
    return await answer;
  } finally {
    tokens.forget(token);
  }
}

const OPTIMIZED: Readonly<Record<string, readonly string[]>> = {
  dynamodb: ["getItem", "putItem", "updateItem", "deleteItem"],
  events: ["putEvents"],
  sns: ["publish"],
  sqs: ["sendMessage"],
};

function call(execution: Execution, request: TaskRequest, { service, action, isSdk }: ServiceResource): Promise<Json> {
  const { principal } = execution;
  const cloud = cloudOf(execution, request);
  if (isSdk) return callSdk(cloud, principal, request, service, action);
  if (!isObject(request.argument))
    return Promise.reject(
      new StatesFailure("States.Runtime", `The parameters of ${service}:${action} must be an object`),
    );
  if (OPTIMIZED[service]?.includes(action)) return callOptimized(cloud, principal, request, service, action);
  switch (`${service}:${action}`) {
    case "lambda:invoke":
      return invokeOptimized(cloud, principal, request);
    case "states:startExecution":
      return startChild(cloud, principal, request).then(({ answer }) => answer);
    case "apigateway:invoke":
      return invokeApi(cloud, principal, request);
    case "http:invoke":
      return invokeEndpoint(cloud, principal, request);
    default:
      return Promise.reject(notHere(request.resource));
  }
}

const notHere = (resource: string): StatesFailure =>
  new StatesFailure("NotImplemented", `The local cloud does not implement the integration ${resource}`);
