/** The largest that AWS takes, and the words with which it refuses one more. One row a limit; each service's own tests have the finer cases. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACCOUNT } from "./core/principal.ts";
import { type LambdaStage, lambdaStage } from "./services/lambda/testing/lambda-stage.ts";
import type { TestCloud } from "./testing.ts";

const KIB = 1_024;
const MIB = KIB * KIB;
const letters = (count: number): string => "x".repeat(count);
const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, at) => make(at));

let stage: LambdaStage;
let cloud: TestCloud;
let machines: { standard: string; callback: string };

beforeAll(async () => {
  stage = await lambdaStage();
  ({ cloud } = stage);
  const roleArn = await prepare();
  const machine = async (name: string, States: object) => {
    const definition = JSON.stringify({ StartAt: Object.keys(States)[0], States });
    return (await cloud.call("states", "CreateStateMachine", { name, roleArn, definition }, ACCOUNT)).stateMachineArn;
  };
  machines = {
    standard: (await machine("one", { One: { Type: "Pass", End: true } })) ?? "",
    // The input twice: at half the limit of state data it is at the limit.
    callback:
      (await machine("doubles", {
        Double: { Type: "Pass", Parameters: { "a.$": "$", "b.$": "$" }, End: true },
      })) ?? "",
  };
});
afterAll(() => stage[Symbol.asyncDispose]());

async function prepare(): Promise<string> {
  await cloud.call("s3", "CreateBucket", { Bucket: "limits" }, ACCOUNT);
  await cloud.call("sqs", "CreateQueue", { QueueName: "limits" }, ACCOUNT);
  await cloud.call("sns", "CreateTopic", { Name: "limits" }, ACCOUNT);
  const table = {
    TableName: "limits",
    BillingMode: "PAY_PER_REQUEST" as const,
    AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
    KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
  };
  await cloud.call("dynamodb", "CreateTable", table, ACCOUNT);
  await cloud.clock.settle();
  await stage.make("echo", { code: "export const handler = async ({ length }) => 'x'.repeat(length ?? 0);" });
  const trust = { Effect: "Allow", Principal: { Service: "states.amazonaws.com" }, Action: "sts:AssumeRole" };
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await cloud.call("iam", "CreateRole", { RoleName: "limits", AssumeRolePolicyDocument }, ACCOUNT);
  return Role?.Arn ?? "";
}

const QueueUrl = () => `${cloud.endpoint}/${cloud.accountId}/limits`;
const sendBatch = (count: number, size = 1) =>
  cloud.call(
    "sqs",
    "SendMessageBatch",
    { QueueUrl: QueueUrl(), Entries: times(count, (Id) => ({ Id: String(Id), MessageBody: letters(size) })) },
    ACCOUNT,
  );
const TopicArn = () => cloud.arn("sns", "limits");
const publishBatch = (count: number, size = 1) =>
  cloud.call(
    "sns",
    "PublishBatch",
    {
      TopicArn: TopicArn(),
      PublishBatchRequestEntries: times(count, (Id) => ({ Id: String(Id), Message: letters(size) })),
    },
    ACCOUNT,
  );
/** The braces, the quotation marks and the name of the member take eight bytes, the source and the detail type one each. */
const putEvents = (count: number, size = 10) =>
  cloud.call(
    "events",
    "PutEvents",
    { Entries: times(count, () => ({ Source: "s", DetailType: "d", Detail: `{"a":"${letters(size - 10)}"}` })) },
    ACCOUNT,
  );
const invoke = (size: number, InvocationType: "Event" | "RequestResponse") =>
  cloud.clock.waiting(
    cloud.call(
      "lambda",
      "Invoke",
      { FunctionName: "echo", InvocationType, Payload: Buffer.from(`"${letters(size - 2)}"`) },
      ACCOUNT,
    ),
  );
/** An answer is JSON: two bytes are its quotation marks. */
const answer = async (size: number) => {
  const Payload = Buffer.from(JSON.stringify({ length: size - 2 }));
  const { FunctionError, Payload: told = "" } = await cloud.clock.waiting(
    cloud.call("lambda", "Invoke", { FunctionName: "echo", Payload }, ACCOUNT),
  );
  if (FunctionError === undefined) return;
  const { errorType, errorMessage } = JSON.parse(Buffer.from(told as Uint8Array).toString()) as Record<string, string>;
  throw Object.assign(new Error(errorMessage), { name: errorType });
};
const item = (id: string, size = 1) => ({ id: { S: id }, t: { S: letters(size) } });
/** Names and values count: `id`, one letter, and `t`. */
const putItem = (size: number) =>
  cloud.call("dynamodb", "PutItem", { TableName: "limits", Item: item("a", size - 4) }, ACCOUNT);
const putKey = (size: number) =>
  cloud.call("s3", "PutObject", { Bucket: "limits", Key: letters(size), Body: "x" }, ACCOUNT);
const start = (size: number) =>
  cloud.call(
    "states",
    "StartExecution",
    { stateMachineArn: machines.standard, input: `"${letters(size - 2)}"` },
    ACCOUNT,
  );
/** The output holds the input twice, with twelve more bytes: {"a":,"b":}. */
const double = async (size: number) => {
  const input = `"${letters(size / 2 - 8)}"`;
  const { executionArn } = await cloud.call(
    "states",
    "StartExecution",
    { stateMachineArn: machines.callback, input: size % 2 === 0 ? input : `"${letters((size + 1) / 2 - 8)}"` },
    ACCOUNT,
  );
  await cloud.clock.settle();
  const { status, error, cause } = await cloud.call("states", "DescribeExecution", { executionArn }, ACCOUNT);
  if (status !== "SUCCEEDED") throw Object.assign(new Error(cause), { name: error });
};
const complete = async (size: number) => {
  const where = { Bucket: "limits", Key: `parts-${size}` };
  const { UploadId } = await cloud.call("s3", "CreateMultipartUpload", where, ACCOUNT);
  const Parts = [];
  for (const [index, length] of [size, 1].entries()) {
    const part = { ...where, UploadId, PartNumber: index + 1, Body: Buffer.alloc(length) as never };
    const { ETag } = await cloud.call("s3", "UploadPart", part, ACCOUNT);
    Parts.push({ PartNumber: index + 1, ETag });
  }
  await cloud.call("s3", "CompleteMultipartUpload", { ...where, UploadId, MultipartUpload: { Parts } }, ACCOUNT);
};
const batchWrite = (count: number) => {
  const limits = times(count, (id) => ({ PutRequest: { Item: item(`w${id}`) } }));
  return cloud.call("dynamodb", "BatchWriteItem", { RequestItems: { limits } }, ACCOUNT);
};
const batchGet = (count: number) => {
  const Keys = times(count, (id) => ({ id: { S: `g${id}` } }));
  return cloud.call("dynamodb", "BatchGetItem", { RequestItems: { limits: { Keys } } }, ACCOUNT);
};
const transact = (count: number) => {
  const TransactItems = times(count, (id) => ({ Put: { TableName: "limits", Item: item(`t${id}`) } }));
  return cloud.call("dynamodb", "TransactWriteItems", { TransactItems }, ACCOUNT);
};

type Row = readonly [
  limit: string,
  most: number,
  work: (size: number) => Promise<unknown>,
  error: string,
  message: string,
];

const send = (size: number) =>
  cloud.call("sqs", "SendMessage", { QueueUrl: QueueUrl(), MessageBody: letters(size) }, ACCOUNT);
const publish = (size: number) =>
  cloud.call("sns", "Publish", { TopicArn: TopicArn(), Message: letters(size) }, ACCOUNT);

const ROWS: readonly Row[] = [
  ["a message of SQS", MIB, send, "InvalidParameterValue", "Message must be shorter than 1048576 bytes"],
  ["messages in a batch of SQS", 10, sendBatch, "TooManyEntriesInBatchRequest", "per request are 10. You have sent 11"],
  ["a message of SNS", 256 * KIB, publish, "InvalidParameter", "Message too long"],
  ["messages in a batch of SNS", 10, publishBatch, "TooManyEntriesInBatchRequest", ""],
  ["events in a call of EventBridge", 10, putEvents, "ValidationException", "less than or equal to 10"],
  ["an event of EventBridge", MIB, (size) => putEvents(1, size), "ValidationException", "over the limit"],
  [
    "a payload that is waited for",
    6 * MIB,
    (size) => invoke(size, "RequestResponse"),
    "RequestEntityTooLargeException",
    "must be smaller than 6291456 bytes",
  ],
  ["an event for a function", MIB, (size) => invoke(size, "Event"), "RequestEntityTooLargeException", "limit 1048576"],
  ["an answer of a function", 6_291_556, answer, "Function.ResponseSizeTooLarge", "exceeded maximum allowed payload"],
  ["an item", 400 * KIB, putItem, "ValidationException", "Item size has exceeded the maximum allowed size"],
  [
    "items in BatchWriteItem",
    25,
    batchWrite,
    "ValidationException",
    "Too many items requested for the BatchWriteItem call",
  ],
  ["keys in BatchGetItem", 100, batchGet, "ValidationException", "Too many items requested for the BatchGetItem call"],
  ["items in a transaction", 100, transact, "ValidationException", "less than or equal to 100"],
  ["a key of S3", 1_024, putKey, "KeyTooLongError", "Your key is too long"],
  ["the input of an execution", 256 * KIB, start, "ValidationException", "less than or equal to 262144"],
  ["the data of a state", 256 * KIB, double, "States.DataLimitExceeded", "exceeding the maximum"],
];

describe("the most that is taken", () => {
  it.each(ROWS)("of %s is %i, and one more is refused", async (_limit, most, work, error, message) => {
    await expect(work(most)).resolves.not.toThrow();
    const refused = await work(most + 1).then(
      () => new Error("was taken"),
      (thrown: unknown) => thrown as Error,
    );
    expect(refused.name).toMatch(new RegExp(`^${error}`));
    expect(refused.message).toContain(message);
    await cloud.clock.settle();
  });

  it("of a batch counts as a whole: SQS takes 1 MiB, SNS 256 KiB, EventBridge 1 MiB", async () => {
    await sendBatch(4, MIB / 4);
    await expect(sendBatch(4, MIB / 4 + 1)).rejects.toMatchObject({ name: "BatchRequestTooLong" });
    await publishBatch(4, 64 * KIB);
    await expect(publishBatch(4, 64 * KIB + 1)).rejects.toMatchObject({
      name: "BatchRequestTooLongException",
    });
    await putEvents(4, MIB / 4);
    await expect(putEvents(4, MIB / 4 + 1)).rejects.toMatchObject({ name: "ValidationException" });
  });

  it("and the least of a part that is not the last is 5 MiB", async () => {
    await complete(5 * MIB);
    await expect(complete(5 * MIB - 1)).rejects.toMatchObject({
      name: "EntityTooSmall",
      message: "Your proposed upload is smaller than the minimum allowed size",
    });
  });
});
