/** What has no other to be compared with: how soon the cloud is there, how soon the apps are, how soon a function hears of an upload. */
import { spawnSync } from "node:child_process";
import {
  CreateBucketCommand,
  ListBucketsCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { AddPermissionCommand, CreateEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateQueueCommand, GetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { median } from "./against-moto.ts";
import { createListener, type Heard, heardBy } from "./listener.ts";
import { startLocalCloud } from "./server.ts";

const STARTS = 7;
const EVENTS = 40;
const WARM_UP = 10;
const UPLOADS = 10_000;
const AT_A_TIME = 50;

/** From the start of the process to its first answer, in ms: the quickest of some, which nothing else held up. */
export async function measureStart(): Promise<number> {
  const times: number[] = [];
  for (let start = 0; start < STARTS; start++) {
    const began = performance.now();
    const server = await startLocalCloud();
    await server.client(S3Client).send(new ListBucketsCommand({}));
    times.push(performance.now() - began);
    await server.stop();
  }
  return Math.min(...times);
}

/** All apps deployed on one cloud, in ms, in a process of its own, with their bundles in the cache: the quickest of some. */
export function measureDeployments(): { readonly apps: number; readonly milliseconds: number } {
  const run = () => {
    const { stdout, stderr, status } = spawnSync(
      process.execPath,
      [new URL("deploy-all.ts", import.meta.url).pathname],
      {
        encoding: "utf8",
      },
    );
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as { apps: number; milliseconds: number };
  };
  run();
  const runs = Array.from({ length: STARTS }, run);
  return runs.reduce((quickest, one) => (one.milliseconds < quickest.milliseconds ? one : quickest));
}

/** From the moment an upload is sent to the first line of a warm function that the bucket tells of it, in ms: the median. */
export async function measureLatency(): Promise<number> {
  const server = await startLocalCloud();
  try {
    const s3 = server.client(S3Client);
    const lambda = server.client(LambdaClient);
    const FunctionArn = await createListener(server);
    await lambda.send(
      new AddPermissionCommand({
        FunctionName: FunctionArn,
        StatementId: "s3",
        Action: "lambda:InvokeFunction",
        Principal: "s3.amazonaws.com",
      }),
    );
    await s3.send(new CreateBucketCommand({ Bucket: "watched" }));
    const LambdaFunctionConfigurations = [{ LambdaFunctionArn: FunctionArn, Events: ["s3:ObjectCreated:*" as const] }];
    const NotificationConfiguration = { LambdaFunctionConfigurations };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "watched", NotificationConfiguration }));
    const sent = new Map<string, number>();
    for (let event = 0; event < EVENTS; event++) {
      sent.set(`k${event}`, Date.now());
      await s3.send(new PutObjectCommand({ Bucket: "watched", Key: `k${event}`, Body: "x" }));
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    const heard = await untilHeard(() => heardBy(server), EVENTS);
    return median(
      heard.flatMap(({ keys: [key = ""], at }) => {
        const began = sent.get(key);
        return began === undefined || Number(key.slice(1)) < WARM_UP ? [] : [at - began];
      }),
    );
  } finally {
    await server.stop();
  }
}

export interface Burst {
  readonly uploads: number;
  readonly uploadSeconds: number;
  /** From the first upload to the last one processed. */
  readonly seconds: number;
  readonly lost: number;
}

/** Uploads as fast as they go into a bucket that tells a queue, which feeds a function. */
export async function measureBurst(): Promise<Burst> {
  const server = await startLocalCloud();
  try {
    const s3 = server.client(S3Client);
    const sqs = server.client(SQSClient);
    const FunctionName = await createListener(server);
    const QueueArn = "arn:aws:sqs:us-east-1:123456789012:burst";
    const statement = {
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "sqs:SendMessage",
      Resource: QueueArn,
    };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const Attributes = { Policy, VisibilityTimeout: "60" };
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "burst", Attributes }));
    const source = { FunctionName, EventSourceArn: QueueArn, BatchSize: 10 };
    await server.client(LambdaClient).send(new CreateEventSourceMappingCommand(source));
    await s3.send(new CreateBucketCommand({ Bucket: "burst" }));
    const QueueConfigurations = [{ QueueArn, Events: ["s3:ObjectCreated:*" as const] }];
    const NotificationConfiguration = { QueueConfigurations };
    await s3.send(new PutBucketNotificationConfigurationCommand({ Bucket: "burst", NotificationConfiguration }));

    const began = performance.now();
    const numbers = Array.from({ length: UPLOADS }, (_, number) => number).values();
    const uploaders = Array.from({ length: AT_A_TIME }, async () => {
      for (const number of numbers)
        await s3.send(new PutObjectCommand({ Bucket: "burst", Key: `k${number}`, Body: "x" }));
    });
    await Promise.all(uploaders);
    const uploadSeconds = (performance.now() - began) / 1_000;
    const AttributeNames = ["ApproximateNumberOfMessages" as const, "ApproximateNumberOfMessagesNotVisible" as const];
    for (;;) {
      const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames }));
      if (Object.values(Attributes).every((count) => count === "0")) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const seconds = (performance.now() - began) / 1_000;
    const heard = await untilHeard(() => heardBy(server), UPLOADS);
    return { uploads: UPLOADS, uploadSeconds, seconds, lost: UPLOADS - keysIn(heard).size };
  } finally {
    await server.stop();
  }
}

const keysIn = (heard: readonly Heard[]): ReadonlySet<string> => new Set(heard.flatMap(({ keys }) => keys));

/** Log lines come a moment after what they tell of. Answers what was heard, complete or not. */
async function untilHeard(ask: () => Promise<readonly Heard[]>, wanted: number): Promise<readonly Heard[]> {
  for (let tries = 1; ; tries++) {
    const heard = await ask();
    if (keysIn(heard).size >= wanted || tries === 20) return heard;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
