/** The same work for whichever server: each makes what it needs, and answers a step that can be repeated. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
} from "@aws-sdk/client-dynamodb";
import { CreateRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { CreateTopicCommand, PublishCommand, SNSClient } from "@aws-sdk/client-sns";
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import type { Server } from "./server.ts";

export interface Work {
  /** What is not measured. */
  before?(turn: number): Promise<void>;
  step(turn: number): Promise<void>;
  /** What one step counts for, if not for one. */
  readonly weight?: number;
}

const TEXT = "x".repeat(1_000);
const STATES = 250;

export const OPERATIONS: Readonly<Record<string, (server: Server) => Promise<Work>>> = {
  "S3 put, 1 kB": async (server) => {
    const s3 = server.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "put" }));
    return {
      step: async (turn) => void (await s3.send(new PutObjectCommand({ Bucket: "put", Key: `k${turn}`, Body: TEXT }))),
    };
  },
  "S3 get, 1 kB": async (server) => {
    const s3 = server.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "get" }));
    await s3.send(new PutObjectCommand({ Bucket: "get", Key: "k", Body: TEXT }));
    return {
      step: async () => {
        const { Body } = await s3.send(new GetObjectCommand({ Bucket: "get", Key: "k" }));
        await Body?.transformToByteArray();
      },
    };
  },
  "SQS send, receive, delete": async (server) => {
    const sqs = server.client(SQSClient);
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: "bench" }));
    return {
      step: async () => {
        await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: TEXT }));
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl }));
        await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: Messages[0]?.ReceiptHandle }));
      },
    };
  },
  "DynamoDB put": async (server) => {
    const { client, TableName } = await table(server, "put");
    return {
      step: async (turn) => {
        const Item = { id: { S: `k${turn}` }, text: { S: TEXT } };
        await client.send(new PutItemCommand({ TableName, Item }));
      },
    };
  },
  "DynamoDB get": async (server) => {
    const { client, TableName } = await table(server, "get");
    const Key = { id: { S: "k" } };
    await client.send(new PutItemCommand({ TableName, Item: { ...Key, text: { S: TEXT } } }));
    return { step: async () => void (await client.send(new GetItemCommand({ TableName, Key }))) };
  },
  "SNS publish": async (server) => {
    const sns = server.client(SNSClient);
    const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: "bench" }));
    return { step: async () => void (await sns.send(new PublishCommand({ TopicArn, Message: TEXT }))) };
  },
  "Step Functions transitions": async (server) => {
    const sfn = server.client(SFNClient);
    const iam = server.client(IAMClient);
    let stateMachineArn: string | undefined;
    return {
      weight: STATES,
      // One machine an execution: a second execution ends moto with HTTP 500 until it is reset.
      before: async (turn) => {
        await server.reset?.();
        const role = { RoleName: `bench-${turn}`, AssumeRolePolicyDocument: TRUST };
        const { Role } = await iam.send(new CreateRoleCommand(role));
        const machine = { name: `bench-${turn}`, roleArn: Role?.Arn, definition };
        ({ stateMachineArn } = await sfn.send(new CreateStateMachineCommand(machine)));
      },
      step: async (turn) => {
        const start = new StartExecutionCommand({ stateMachineArn, name: `run-${turn}` });
        const { executionArn } = await sfn.send(start);
        for (let status: string | undefined = "RUNNING"; status === "RUNNING";)
          ({ status } = await sfn.send(new DescribeExecutionCommand({ executionArn })));
      },
    };
  },
};

const TRUST = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" }],
});

const definition = JSON.stringify({
  StartAt: "S1",
  States: Object.fromEntries(
    Array.from({ length: STATES }, (_, index) => [
      `S${index + 1}`,
      { Type: "Pass", ...(index + 1 === STATES ? { End: true } : { Next: `S${index + 2}` }) },
    ]),
  ),
});

async function table(server: Server, TableName: string): Promise<{ client: DynamoDBClient; TableName: string }> {
  const client = server.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
    }),
  );
  const status = async () => (await client.send(new DescribeTableCommand({ TableName }))).Table?.TableStatus;
  while ((await status()) !== "ACTIVE") await new Promise((resolve) => setTimeout(resolve, 20));
  return { client, TableName };
}
