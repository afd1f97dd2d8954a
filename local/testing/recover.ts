/** What an operator does after an outage: dead letters go back to where they came from, failed executions go on where they ended. */
import { ACCOUNT } from "../core/principal.ts";
import type { TestCloud } from "../testing.ts";
import { type Message, takeMessages } from "./messages.ts";

/** Hands a dead letter back. */
type Route = () => Promise<unknown>;

const ROUNDS = 3;

export interface Recovered {
  readonly letters: number;
  readonly executions: number;
}

/** Repeats until nothing is left that redriving helps. Executions that ended before `since`, epoch ms, stay as they are. */
export async function recover(cloud: TestCloud, since: number): Promise<Recovered> {
  const total = { letters: 0, executions: 0 };
  for (let round = 0; round < ROUNDS; round++) {
    await cloud.clock.settle();
    const letters = await redriveLetters(cloud);
    const executions = await redriveExecutions(cloud, since);
    if (letters + executions === 0) return total;
    total.letters += letters;
    total.executions += executions;
  }
  await cloud.clock.settle();
  return total;
}

async function redriveLetters(cloud: TestCloud): Promise<number> {
  const { QueueUrls = [] } = await cloud.call("sqs", "ListQueues", {}, ACCOUNT);
  let redriven = 0;
  for (const url of QueueUrls) {
    const { queueUrls: sources = [] } = await cloud.call(
      "sqs",
      "ListDeadLetterSourceQueues",
      { QueueUrl: url },
      ACCOUNT,
    );
    const routes: Route[] = [];
    await takeMessages(cloud, url, async (message) => {
      const route = await routeOf(cloud, message, sources);
      if (route) routes.push(route);
      return route !== undefined;
    });
    for (const route of routes) await route();
    redriven += routes.length;
  }
  return redriven;
}

/** Undefined for what is no dead letter, or one that nobody knows where to send. */
async function routeOf(cloud: TestCloud, message: Message, sources: readonly string[]): Promise<Route | undefined> {
  const { Body = "", MessageAttributes: attributes = {}, Attributes: system = {} } = message;
  const target = attributes["TARGET_ARN"]?.StringValue;
  if (target !== undefined) return toTarget(cloud, target, Body);
  const record = failedInvocation(Body);
  if (record) return toFunction(cloud, record);
  const from = system.DeadLetterQueueSourceArn;
  const source = from === undefined ? sources[0] : `${cloud.endpoint}/${from.split(":")[4]}/${from.split(":")[5]}`;
  // Several, and nobody says which: nothing that could be done without knowing the app.
  if (source === undefined || (from === undefined && sources.length > 1)) return undefined;
  const { error: _error, reason: _reason, ...own } = attributes;
  return () =>
    cloud.call(
      "sqs",
      "SendMessage",
      {
        QueueUrl: source,
        MessageBody: Body,
        MessageAttributes: own,
        ...(source.endsWith(".fifo") && {
          MessageGroupId: system.MessageGroupId,
          MessageDeduplicationId: `redriven-${message.MessageId}`,
        }),
      },
      ACCOUNT,
    );
}

/** What a rule or a schedule could not deliver. */
function toTarget(cloud: TestCloud, targetArn: string, body: string): Route | undefined {
  const [, , service, , account, ...rest] = targetArn.split(":");
  if (service === "lambda") return () => invokeLater(cloud, targetArn, body);
  if (service === "states")
    return () => cloud.call("states", "StartExecution", { stateMachineArn: targetArn, input: body }, ACCOUNT);
  if (service === "sqs")
    return () =>
      cloud.call(
        "sqs",
        "SendMessage",
        { QueueUrl: `${cloud.endpoint}/${account}/${rest[0]}`, MessageBody: body },
        ACCOUNT,
      );
  return undefined;
}

interface FailedInvocation {
  readonly requestContext: { readonly functionArn: string };
  /** Of an asynchronous invocation, its event. */
  readonly requestPayload?: unknown;
  /** Of a stream, where its records are. */
  readonly DDBStreamBatchInfo?: {
    readonly streamArn: string;
    readonly shardId: string;
    readonly startSequenceNumber: string;
    readonly batchSize: number;
  };
}

/** What Lambda sends to a destination on failure ("Capturing records of Lambda asynchronous invocations"). */
function failedInvocation(body: string): FailedInvocation | undefined {
  if (!body.includes('"requestContext"')) return undefined;
  const record = JSON.parse(body) as Partial<FailedInvocation>;
  return record.requestContext?.functionArn === undefined ? undefined : (record as FailedInvocation);
}

function toFunction(cloud: TestCloud, record: FailedInvocation): Route | undefined {
  const { functionArn } = record.requestContext;
  const batch = record.DDBStreamBatchInfo;
  if (batch)
    return async () => {
      const { streamArn: StreamArn, shardId: ShardId, startSequenceNumber: SequenceNumber, batchSize: Limit } = batch;
      const place = { StreamArn, ShardId, SequenceNumber, ShardIteratorType: "AT_SEQUENCE_NUMBER" as const };
      const { ShardIterator } = await cloud.call("dynamodbstreams", "GetShardIterator", place, ACCOUNT);
      const { Records = [] } = await cloud.call("dynamodbstreams", "GetRecords", { ShardIterator, Limit }, ACCOUNT);
      const records = Records.map(({ dynamodb, ...each }) => ({
        ...each,
        eventSourceARN: StreamArn,
        dynamodb: {
          ...dynamodb,
          ApproximateCreationDateTime: (dynamodb?.ApproximateCreationDateTime?.getTime() ?? 0) / 1_000,
        },
      }));
      return invokeLater(cloud, functionArn, JSON.stringify({ Records: records }));
    };
  if (record.requestPayload === undefined) return undefined;
  return () => invokeLater(cloud, functionArn, JSON.stringify(record.requestPayload));
}

const invokeLater = (cloud: TestCloud, FunctionName: string, payload: string) =>
  cloud.call("lambda", "Invoke", { FunctionName, InvocationType: "Event", Payload: Buffer.from(payload) }, ACCOUNT);

async function redriveExecutions(cloud: TestCloud, since: number): Promise<number> {
  const { stateMachines = [] } = await cloud.call("states", "ListStateMachines", { maxResults: 1_000 }, ACCOUNT);
  let redriven = 0;
  for (const { stateMachineArn, type } of stateMachines) {
    if (type === "EXPRESS") continue;
    for (const statusFilter of ["FAILED", "TIMED_OUT", "ABORTED"] as const) {
      const query = { stateMachineArn, statusFilter, maxResults: 1_000 };
      const { executions = [] } = await cloud.call("states", "ListExecutions", query, ACCOUNT);
      for (const { executionArn, stopDate } of executions) {
        if ((stopDate?.getTime() ?? 0) < since) continue;
        const { redriveStatus } = await cloud.call("states", "DescribeExecution", { executionArn }, ACCOUNT);
        if (redriveStatus !== "REDRIVABLE") continue;
        await cloud.call("states", "RedriveExecution", { executionArn }, ACCOUNT);
        redriven += 1;
      }
    }
  }
  return redriven;
}
