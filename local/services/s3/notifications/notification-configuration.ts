import type { NotificationConfiguration } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { ACCOUNT, asService } from "../../../core/principal.ts";
import type { Call, Handler } from "../../../core/service.ts";
import type { Bucket } from "../buckets/bucket.ts";
import type { S3, Store } from "../store.ts";
import { checkConfiguration } from "./check-configuration.ts";
import { testEvent } from "./event-record.ts";
import { sendTo } from "./notifier.ts";
import { type Target, targetsOf } from "./targets.ts";

export const getBucketNotificationConfiguration =
  (store: Store): Handler<S3, "GetBucketNotificationConfiguration"> =>
  (input) => ({ ...store.bucket(input).record.notification });

/** Replaces the whole configuration, after every target has shown that S3 may deliver to it. */
export const putBucketNotificationConfiguration =
  (store: Store): Handler<S3, "PutBucketNotificationConfiguration"> =>
  async (input, call) => {
    const bucket = store.bucket(input);
    const configuration = withIds(store, input.NotificationConfiguration ?? {});
    checkConfiguration(configuration);
    if (!input.SkipDestinationValidation) await validate(store, bucket, targetsOf(configuration), call);
    store.configure(store.bucket(input), { notification: configuration });
    return {};
  };

/** S3 names a configuration that has no name. */
function withIds(store: Store, configuration: NotificationConfiguration): NotificationConfiguration {
  const named = <E extends { Id?: string | undefined }>(entries: E[] | undefined): E[] | undefined =>
    entries?.map((entry) => ({ ...entry, Id: entry.Id ?? store.cloud.uuid() }));
  const lambdas = named(configuration.LambdaFunctionConfigurations);
  const queues = named(configuration.QueueConfigurations);
  const topics = named(configuration.TopicConfigurations);
  return {
    ...(lambdas?.length && { LambdaFunctionConfigurations: lambdas }),
    ...(queues?.length && { QueueConfigurations: queues }),
    ...(topics?.length && { TopicConfigurations: topics }),
    ...(configuration.EventBridgeConfiguration && { EventBridgeConfiguration: {} }),
  };
}

/** Queues and topics get a test event; of functions S3 only asks whether it may invoke them. */
async function validate(store: Store, bucket: Bucket, targets: readonly Target[], call: Call): Promise<void> {
  const { cloud } = store;
  const refusals: { target: Target; reason: string }[] = [];
  for (const target of targets) {
    try {
      if (target.kind === "lambda") {
        const as = asService("s3.amazonaws.com", bucket.arn);
        await cloud.call("lambda", "Invoke", { FunctionName: target.arn, InvocationType: "DryRun" }, as);
      } else {
        await sendTo(cloud, bucket.arn, target, JSON.stringify(testEvent(cloud, bucket, call.requestId)));
      }
    } catch (error) {
      if (!isServiceError(error)) throw error;
      refusals.push({ target, reason: await reasonOf(cloud, target) });
    }
  }
  if (refusals.length === 0) return;
  const detail = refusals.flatMap(({ target, reason }, index) => [
    [`ArgumentName${index + 1}`, `${target.arn}, null`],
    [`ArgumentValue${index + 1}`, reason],
  ]);
  throw new ServiceError("InvalidArgument", "Unable to validate the following destination configurations", {
    status: 400,
    detail: Object.fromEntries(detail),
  });
}

async function reasonOf(cloud: Cloud, { kind, arn }: Target): Promise<string> {
  const name = arn.slice(arn.lastIndexOf(":") + 1);
  if (kind === "lambda") return `Not authorized to invoke function [${arn}]`;
  try {
    if (kind === "sqs") await cloud.call("sqs", "GetQueueUrl", { QueueName: name }, ACCOUNT);
    else await cloud.call("sns", "GetTopicAttributes", { TopicArn: arn }, ACCOUNT);
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return `The destination ${kind === "sqs" ? "queue" : "topic"} does not exist`;
  }
  return `Permissions on the destination ${kind === "sqs" ? "queue" : "topic"} do not allow S3 to publish notifications from this bucket`;
}
