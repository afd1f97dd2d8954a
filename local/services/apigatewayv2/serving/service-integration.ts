/** First-class integrations: an AWS API call made from the request, as the integration's role ("Integration subtype reference"). */
import type { Integration } from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../../core/cloud.ts";
import type { Incoming } from "../../apigateway/shared-calls/loopback.ts";
import { callQueryService, callService } from "../../apigateway/shared-calls/call-service.ts";
import { badRequest, unsupported } from "../store.ts";
import { evaluate, type Sources } from "./parameter-mapping.ts";

interface Subtype {
  readonly service: string;
  readonly action: string;
  readonly required: readonly string[];
  readonly optional: readonly string[];
}

const queue = (action: string, required: readonly string[], optional: readonly string[] = []): Subtype => ({
  service: "sqs",
  action,
  required: ["QueueUrl", ...required],
  optional,
});
const machine = (action: string): Subtype => ({
  service: "states",
  action,
  required: ["StateMachineArn"],
  optional: ["Name", "Input", "TraceHeader"],
});

const SUBTYPES: Readonly<Record<string, Subtype>> = {
  "EventBridge-PutEvents": {
    service: "events",
    action: "PutEvents",
    required: ["Detail", "DetailType", "Source"],
    optional: ["Time", "EventBusName", "Resources", "TraceHeader"],
  },
  "SQS-SendMessage": queue(
    "SendMessage",
    ["MessageBody"],
    ["DelaySeconds", "MessageAttributes", "MessageDeduplicationId", "MessageGroupId", "MessageSystemAttributes"],
  ),
  "SQS-DeleteMessage": queue("DeleteMessage", ["ReceiptHandle"]),
  "SQS-PurgeQueue": queue("PurgeQueue", []),
  "StepFunctions-StartExecution": machine("StartExecution"),
  "StepFunctions-StartSyncExecution": machine("StartSyncExecution"),
};

/** Throws BadRequestException for wrong parameters, and NotImplemented for subtypes that are not there. */
export function checkSubtype(name: string, parameters: Readonly<Record<string, string>>): void {
  const subtype = subtypeOf(name);
  const missing = subtype.required.filter((key) => parameters[key] === undefined);
  if (missing.length > 0)
    throw badRequest(`Parameter: ${missing.join(", ")} is required for integration subtype ${name}`);
  const unknown = Object.keys(parameters).filter(
    (key) => key !== "Region" && !subtype.required.includes(key) && !subtype.optional.includes(key),
  );
  if (unknown.length > 0)
    throw badRequest(`Parameter: ${unknown.join(", ")} does not fit schema for Operation: ${name}`);
}

function subtypeOf(name: string): Subtype {
  const [, plain = "", version = "1.0"] = /^(.*?)(?:-(\d\.\d))?$/.exec(name) ?? [];
  const subtype = SUBTYPES[plain];
  if (!subtype || version !== "1.0") throw unsupported(`the integration subtype ${name}`);
  return subtype;
}

/** The service's own answer, which an HTTP API hands on as it is. */
export async function callSubtype(cloud: Cloud, integration: Integration, sources: Sources): Promise<Incoming> {
  const { service, action } = subtypeOf(integration.IntegrationSubtype ?? "");
  const values: Record<string, string> = {};
  for (const [name, expression] of Object.entries(integration.RequestParameters ?? {})) {
    const value = evaluate(expression, sources);
    if (name !== "Region" && value !== undefined) values[name] = value;
  }
  const call = { service, action, roleArn: integration.CredentialsArn ?? "", input: inputOf(action, values) };
  // Callers see XML from queues: this integration is older than their JSON protocol.
  return service === "sqs" ? callQueryService(cloud, call) : callService(cloud, call);
}

function inputOf(action: string, values: Readonly<Record<string, string>>): Record<string, unknown> {
  if (action === "PutEvents") {
    const { Resources, Time, ...entry } = values;
    return {
      Entries: [
        {
          ...entry,
          ...(Resources === undefined ? {} : { Resources: jsonOr(Resources, [Resources]) }),
          ...(Time === undefined ? {} : { Time: epochSeconds(Time) }),
        },
      ],
    };
  }
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => {
      const member = action.startsWith("Start") ? `${name[0]?.toLowerCase() ?? ""}${name.slice(1)}` : name;
      if (name === "DelaySeconds") return [member, Number(value)];
      return [member, name.endsWith("Attributes") ? jsonOr(value, value) : value];
    }),
  );
}

function jsonOr(text: string, fallback: unknown): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return fallback;
  }
}

const epochSeconds = (text: string): number | string => {
  const time = Date.parse(text);
  return Number.isNaN(time) ? text : time / 1000;
};
