/** One attempt to hand a payload to a target, by the kind that its ARN names. */
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { asRole, asService, type Principal } from "../../../core/principal.ts";
import { TRACE_HEADER } from "../../../core/trace-header.ts";
import { callApi, callDestination } from "./http-targets.ts";

export interface Delivery {
  readonly targetArn: string;
  readonly roleArn: string | undefined;
  readonly payload: string;
  readonly service: "events.amazonaws.com" | "scheduler.amazonaws.com";
  /** The rule or schedule. */
  readonly sourceArn: string;
  readonly messageGroupId: string | undefined;
  /** Goes on to functions, state machines and stages of APIs. */
  readonly traceHeader?: string | undefined;
  readonly http?: {
    readonly path: readonly string[];
    readonly headers: Readonly<Record<string, string>>;
    readonly query: Readonly<Record<string, string>>;
  };
}

/** Target kinds that the local cloud can reach. */
export const isSupportedTarget = (arn: string): boolean =>
  /^arn:aws[\w-]*:(lambda:.*:function:|sqs:|sns:|states:.*:stateMachine:|events:.*:(event-bus|api-destination)\/|logs:.*:log-group:|execute-api:)/.test(
    arn,
  );

/** Throws the target service's error when the attempt fails. */
export async function send(cloud: Cloud, delivery: Delivery): Promise<void> {
  const { targetArn: arn, payload } = delivery;
  const as: Principal =
    delivery.roleArn === undefined
      ? asService(delivery.service, delivery.sourceArn)
      : asRole(delivery.roleArn, "events");
  const headers = { [TRACE_HEADER]: delivery.traceHeader };
  const [, , service = "", , account = "", ...rest] = arn.split(":");
  switch (service) {
    case "lambda":
      await cloud.call(
        "lambda",
        "Invoke",
        { FunctionName: arn, InvocationType: "Event", Payload: Buffer.from(payload) },
        as,
        headers,
      );
      return;
    case "sqs": {
      const group = delivery.messageGroupId === undefined ? {} : { MessageGroupId: delivery.messageGroupId };
      await cloud.call(
        "sqs",
        "SendMessage",
        { QueueUrl: `${cloud.endpoint}/${account}/${rest.join(":")}`, MessageBody: payload, ...group },
        as,
      );
      return;
    }
    case "sns":
      await cloud.call("sns", "Publish", { TopicArn: arn, Message: payload }, as);
      return;
    case "states":
      await cloud.call(
        "states",
        "StartExecution",
        { stateMachineArn: arn, input: payload, name: cloud.uuid() },
        as,
        headers,
      );
      return;
    case "logs":
      await writeLog(cloud, rest.join(":"), payload, as);
      return;
    case "events":
      if (rest[0]?.startsWith("api-destination/")) await callDestination(cloud, delivery);
      else await forward(cloud, arn, payload, as);
      return;
    case "execute-api":
      await callApi(cloud, delivery);
      return;
    default:
      throw new ServiceError("NotImplemented", `The local cloud cannot send events to ${arn}`, { status: 501 });
  }
}

/** A log group gets one stream per event source, as EventBridge makes them: one per delivery would be endless. */
async function writeLog(cloud: Cloud, resource: string, payload: string, as: Principal): Promise<void> {
  const logGroupName = resource.replace(/^log-group:/, "").replace(/:\*$/, "");
  const logStreamName = cloud.uuid();
  await cloud.call("logs", "CreateLogStream", { logGroupName, logStreamName }, as);
  await cloud.call(
    "logs",
    "PutLogEvents",
    { logGroupName, logStreamName, logEvents: [{ timestamp: cloud.clock.now(), message: payload }] },
    as,
  );
}

/** To another bus: the event keeps its source, type, time and detail. */
async function forward(cloud: Cloud, busArn: string, payload: string, as: Principal): Promise<void> {
  const event = JSON.parse(payload) as Record<string, unknown>;
  const { Entries, FailedEntryCount } = await cloud.call(
    "events",
    "PutEvents",
    {
      Entries: [
        {
          EventBusName: busArn,
          Source: String(event["source"]),
          DetailType: String(event["detail-type"]),
          Detail: JSON.stringify(event["detail"] ?? {}),
          Resources: (event["resources"] ?? []) as string[],
          Time: new Date(String(event["time"])),
        },
      ],
    },
    as,
  );
  const failed = Entries?.[0];
  if (FailedEntryCount)
    throw new ServiceError(failed?.ErrorCode ?? "InternalFailure", failed?.ErrorMessage ?? "The event was refused");
}
