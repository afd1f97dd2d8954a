/** Where the record of an asynchronous invocation goes, sent as the function's role. */
import type { Cloud } from "../../core/cloud.ts";
import { persistently } from "../../core/persistently.ts";
import { asRole } from "../../core/principal.ts";
import type { AsynchronousTarget } from "./asynchronous-target.ts";

/**
 * Sends a record to a queue, topic, function, bus or bucket. Rejects with the service's error.
 * @param record is put into the body as JSON.
 */
export async function sendRecord(
  cloud: Cloud,
  target: Pick<AsynchronousTarget, "name" | "functionArn" | "roleArn">,
  destination: string,
  record: Readonly<Record<string, unknown>>,
  outcome: "Success" | "Failure",
): Promise<void> {
  const body = JSON.stringify(record);
  await persistently(cloud.clock, () => deliver(cloud, target, destination, body, outcome));
}

async function deliver(
  cloud: Cloud,
  target: Pick<AsynchronousTarget, "name" | "functionArn" | "roleArn">,
  destination: string,
  body: string,
  outcome: "Success" | "Failure",
): Promise<void> {
  const as = asRole(target.roleArn, target.name);
  switch (serviceOf(destination)) {
    case "sqs":
      await cloud.call("sqs", "SendMessage", { QueueUrl: queueUrl(cloud, destination), MessageBody: body }, as);
      return;
    case "sns":
      await cloud.call("sns", "Publish", { TopicArn: destination, Message: body }, as);
      return;
    case "lambda":
      await cloud.call(
        "lambda",
        "Invoke",
        { FunctionName: destination, InvocationType: "Event", Payload: Buffer.from(body) },
        as,
      );
      return;
    case "events": {
      const { FailedEntryCount, Entries } = await cloud.call(
        "events",
        "PutEvents",
        {
          Entries: [
            {
              EventBusName: destination,
              Source: "lambda",
              DetailType: `Lambda Function Invocation Result - ${outcome}`,
              Resources: [target.functionArn, destination],
              Detail: body,
            },
          ],
        },
        as,
      );
      if (FailedEntryCount) throw new Error(Entries?.[0]?.ErrorMessage ?? "The event was refused");
      return;
    }
    default:
      throw new Error(`Records cannot be sent to ${destination}`);
  }
}

/** Sends the bare event to a dead-letter queue or topic ("Adding a dead-letter queue"). Rejects with the service's error. */
export async function sendDeadLetter(
  cloud: Cloud,
  target: AsynchronousTarget & { readonly deadLetterArn: string },
  event: { readonly requestId: string; readonly payload: string },
  error: { readonly code: number; readonly message: string },
): Promise<void> {
  const as = asRole(target.roleArn, target.name);
  const attributes = {
    RequestID: { DataType: "String", StringValue: event.requestId },
    ErrorCode: { DataType: "Number", StringValue: String(error.code) },
    // The first kilobyte of the message.
    ErrorMessage: { DataType: "String", StringValue: error.message.slice(0, 1024) || "-" },
  };
  if (serviceOf(target.deadLetterArn) === "sns") {
    const input = { TopicArn: target.deadLetterArn, Message: event.payload, MessageAttributes: attributes };
    await persistently(cloud.clock, () => cloud.call("sns", "Publish", input, as));
  } else {
    const QueueUrl = queueUrl(cloud, target.deadLetterArn);
    const input = { QueueUrl, MessageBody: event.payload, MessageAttributes: attributes };
    await persistently(cloud.clock, () => cloud.call("sqs", "SendMessage", input, as));
  }
}

/** `arn:aws:sqs:…` → `sqs`. */
export const serviceOf = (arn: string): string => arn.split(":")[2] ?? "";

export function queueUrl(cloud: Pick<Cloud, "endpoint">, arn: string): string {
  const [, , , , account, name] = arn.split(":");
  return `${cloud.endpoint}/${account}/${name}`;
}
