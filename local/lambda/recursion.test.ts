/** Functions that cause their own events, by way of the services through which Lambda follows a chain of requests. */
import { CloudWatchClient, GetMetricStatisticsCommand } from "@aws-sdk/client-cloudwatch";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  PutFunctionEventInvokeConfigCommand,
  PutFunctionRecursionConfigCommand,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  PutBucketNotificationConfigurationCommand,
  PutObjectCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { CreateTopicCommand, PublishCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../services/lambda/testing/lambda-stage.ts";
import { makeQueue } from "../services/lambda/testing/queues.ts";
import { makeTable } from "../services/lambda/testing/tables.ts";

/** Does the same again, up to forty times in each environment. */
const again = (client: string, command: string) => `
  import { createRequire } from "node:module";
  const require = createRequire(process.env.REPOSITORY);
  const sdk = require("@aws-sdk/client-${client}");
  let rounds = 0;
  export const handler = async () => {
    console.log("ROUND");
    if (++rounds < 40) await (${command});
  };`;

let stage: LambdaStage;
beforeEach(async () => {
  stage = await lambdaStage();
});
afterEach(() => stage[Symbol.asyncDispose]());

const make = (code: string, variables: Readonly<Record<string, string>>) =>
  stage.make("loop", { code, memory: 512, variables: { REPOSITORY: import.meta.filename, ...variables } });
const rounds = async () => (await stage.logsOf("loop")).filter((line) => line.includes("ROUND")).length;
const permit = (Principal: string) =>
  stage.client.send(
    new AddPermissionCommand({
      FunctionName: "loop",
      StatementId: "may",
      Action: "lambda:InvokeFunction",
      Principal,
    }),
  );
async function dropped(): Promise<number> {
  const now = stage.cloud.clock.now();
  const { Datapoints = [] } = await stage.cloud.client(CloudWatchClient).send(
    new GetMetricStatisticsCommand({
      Namespace: "AWS/Lambda",
      MetricName: "RecursiveInvocationsDropped",
      Dimensions: [{ Name: "FunctionName", Value: "loop" }],
      StartTime: new Date(now - 86_400_000),
      EndTime: new Date(now + 60_000),
      Period: 86_400,
      Statistics: ["Sum"],
    }),
  );
  return Datapoints.reduce((total, { Sum = 0 }) => total + Sum, 0);
}

describe("a function that writes to the bucket which notifies it", () => {
  const CODE = again(
    "s3",
    `new sdk.S3Client({ forcePathStyle: true }).send(new sdk.PutObjectCommand({ Bucket: "loop", Key: "a", Body: String(rounds) }))`,
  );
  async function looping(): Promise<S3Client> {
    const s3 = stage.cloud.client(S3Client);
    const arn = await make(CODE, {});
    await permit("s3.amazonaws.com");
    await s3.send(new CreateBucketCommand({ Bucket: "loop" }));
    const target = { LambdaFunctionArn: arn, Events: ["s3:ObjectCreated:*" as const] };
    await s3.send(
      new PutBucketNotificationConfigurationCommand({
        Bucket: "loop",
        NotificationConfiguration: { LambdaFunctionConfigurations: [target] },
      }),
    );
    return s3;
  }

  it("runs sixteen times; then its event goes to the on-failure destination", async () => {
    const s3 = await looping();
    const queue = await makeQueue(stage.cloud, "failures");
    await stage.client.send(
      new PutFunctionEventInvokeConfigCommand({
        FunctionName: "loop",
        DestinationConfig: { OnFailure: { Destination: queue.arn } },
      }),
    );
    await s3.send(new PutObjectCommand({ Bucket: "loop", Key: "a", Body: "start" }));
    await stage.cloud.clock.settle();
    expect(await rounds()).toBe(16);
    expect(await dropped()).toBe(1);
    const [record] = await queue.receive();
    expect(JSON.parse(record?.Body ?? "")).toMatchObject({
      requestPayload: { Records: [{ s3: { object: { key: "a" } } }] },
    });
  });

  it("begins a chain of its own with each upload", async () => {
    const s3 = await looping();
    for (const Key of ["a", "b"]) await s3.send(new PutObjectCommand({ Bucket: "loop", Key, Body: "start" }));
    await stage.cloud.clock.settle();
    expect([await rounds(), await dropped()]).toEqual([32, 2]);
  });

  it("goes on where it may loop", async () => {
    const s3 = await looping();
    await stage.client.send(new PutFunctionRecursionConfigCommand({ FunctionName: "loop", RecursiveLoop: "Allow" }));
    await s3.send(new PutObjectCommand({ Bucket: "loop", Key: "a", Body: "start" }));
    await stage.cloud.clock.settle();
    expect(await rounds()).toBeGreaterThanOrEqual(40);
    expect(await dropped()).toBe(0);
  });
});

describe("a function that writes to the queue which it reads", () => {
  it("runs sixteen times; then its message goes to the queue's dead letters", async () => {
    const dead = await makeQueue(stage.cloud, "dead");
    const queue = await makeQueue(stage.cloud, "work", {
      RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
    });
    await make(
      again(
        "sqs",
        `new sdk.SQSClient({}).send(new sdk.SendMessageCommand({ QueueUrl: process.env.QUEUE, MessageBody: "again" }))`,
      ),
      { QUEUE: queue.url },
    );
    await stage.client.send(new CreateEventSourceMappingCommand({ FunctionName: "loop", EventSourceArn: queue.arn }));
    await queue.send(["start"]);
    await stage.cloud.clock.settle();
    expect(await rounds()).toBe(16);
    expect(await dead.counts()).toEqual([1, 0]);
  });
});

describe("a function that publishes to the topic which notifies it", () => {
  it("runs sixteen times", async () => {
    const sns = stage.cloud.client(SNSClient);
    const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "loop" }));
    const arn = await make(
      again(
        "sns",
        `new sdk.SNSClient({}).send(new sdk.PublishCommand({ TopicArn: process.env.TOPIC, Message: "again" }))`,
      ),
      { TOPIC: TopicArn },
    );
    await permit("sns.amazonaws.com");
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: arn }));
    await sns.send(new PublishCommand({ TopicArn, Message: "start" }));
    await stage.cloud.clock.settle();
    expect([await rounds(), await dropped()]).toEqual([16, 1]);
  });
});

describe("a function that writes to the table whose stream it reads", () => {
  it("is not stopped: Lambda does not follow a chain through DynamoDB", async () => {
    const table = await makeTable(stage.cloud, "loop");
    await make(
      again(
        "dynamodb",
        `new sdk.DynamoDBClient({}).send(new sdk.PutItemCommand({ TableName: "loop", Item: { id: { S: String(rounds) } } }))`,
      ),
      {},
    );
    await stage.client.send(
      new CreateEventSourceMappingCommand({
        FunctionName: "loop",
        EventSourceArn: table.streamArn,
        StartingPosition: "TRIM_HORIZON",
      }),
    );
    await table.put("start", 1);
    await stage.cloud.clock.settle();
    expect(await rounds()).toBeGreaterThanOrEqual(40);
    expect(await dropped()).toBe(0);
  });
});
