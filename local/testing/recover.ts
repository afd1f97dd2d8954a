/** What an operator does after an outage: dead letters go back to where they came from, failed executions go on where they ended. */
import { ACCOUNT } from "../core/principal.ts";
import type { TestCloud } from "../testing.ts";
import { type Message, takeMessages } from "./messages.ts";

/** Hands a dead letter back. */
type Route = () => Promise<unknown>;

const MOST_ROUNDS = 5;

export interface Recovered {
  readonly letters: number;
  readonly executions: number;
}

/**
 * Hands back what was sent, and redrives what ended, since a moment (epoch ms), until nothing new turns up: what comes back once more was
 * refused for good.
 */
export async function recover(cloud: TestCloud, since: number): Promise<Recovered> {
  const letters = new Set<string>();
  const executions = new Set<string>();
  for (let before = -1, round = 0; before < letters.size + executions.size && round < MOST_ROUNDS; round++) {
    before = letters.size + executions.size;
    await cloud.clock.settle();
    await redriveLetters(cloud, since, letters);
    await redriveExecutions(cloud, since, executions);
  }
  await cloud.clock.settle();
  return { letters: letters.size, executions: executions.size };
}

async function redriveLetters(cloud: TestCloud, since: number, handedBack: Set<string>): Promise<void> {
  const before = new Set(handedBack);
  const { QueueUrls = [] } = await cloud.call("sqs", "ListQueues", {}, ACCOUNT);
  for (const url of QueueUrls) {
    const { queueUrls: sources = [] } = await cloud.call(
      "sqs",
      "ListDeadLetterSourceQueues",
      { QueueUrl: url },
      ACCOUNT,
    );
    const routes: Route[] = [];
    await takeMessages(cloud, url, async (message) => {
      const { SentTimestamp, DeadLetterQueueSourceArn: from = "" } = message.Attributes ?? {};
      const letter = `${url} ${from} ${contentOf(message.Body)}`;
      if (Number(SentTimestamp) < since || before.has(letter)) return false;
      const route = await routeOf(cloud, message, sources);
      if (!route) return false;
      handedBack.add(letter);
      routes.push(route);
      return true;
    });
    for (const route of routes) await route();
  }
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

/** What the letter is about: a function that fails again tells of it with another time and request. */
function contentOf(body = ""): string {
  const record = failedInvocation(body);
  if (!record) return body;
  const { requestContext, requestPayload, DDBStreamBatchInfo } = record;
  return JSON.stringify([requestContext.functionArn, requestPayload, DDBStreamBatchInfo]);
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

async function redriveExecutions(cloud: TestCloud, since: number, redriven: Set<string>): Promise<void> {
  const { stateMachines = [] } = await cloud.call("states", "ListStateMachines", { maxResults: 1_000 }, ACCOUNT);
  for (const { stateMachineArn, type } of stateMachines) {
    if (type === "EXPRESS") continue;
    for (const statusFilter of ["FAILED", "TIMED_OUT", "ABORTED"] as const) {
      const query = { stateMachineArn, statusFilter, maxResults: 1_000 };
      const { executions = [] } = await cloud.call("states", "ListExecutions", query, ACCOUNT);
      for (const { executionArn = "", stopDate } of executions) {
        if ((stopDate?.getTime() ?? 0) < since || redriven.has(executionArn)) continue;
        const { redriveStatus } = await cloud.call("states", "DescribeExecution", { executionArn }, ACCOUNT);
        if (redriveStatus !== "REDRIVABLE") continue;
        await cloud.call("states", "RedriveExecution", { executionArn }, ACCOUNT);
        redriven.add(executionArn);
      }
    }
  }
}
