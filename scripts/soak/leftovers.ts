/** What is left on a cloud on which nothing moves any more: messages, and why they lie there; executions, and how they ended. */
import { ACCOUNT } from "../../local/core/principal.ts";
import type { TestCloud } from "../../local/testing.ts";
import { type Message, lookAtMessages } from "../../local/testing/messages.ts";

export interface Parked {
  readonly queue: string;
  readonly reason: string;
  readonly body: string;
}

export interface Leftovers {
  /** Messages that were put aside, with the reason. */
  readonly parked: readonly Parked[];
  /** What should not be there, in words. */
  readonly wrong: readonly string[];
  readonly executions: Readonly<Record<string, number>>;
}

/** Looks at all queues and executions. */
export async function leftovers(cloud: TestCloud): Promise<Leftovers> {
  const parked: Parked[] = [];
  const wrong: string[] = [];
  const worked = new Set(
    (await cloud.call("lambda", "ListEventSourceMappings", {}, ACCOUNT)).EventSourceMappings?.map(
      ({ EventSourceArn = "" }) => nameIn(EventSourceArn),
    ),
  );
  const told = await queuesOfTopics(cloud);
  const { QueueUrls = [] } = await cloud.call("sqs", "ListQueues", {}, ACCOUNT);
  for (const QueueUrl of QueueUrls) {
    const queue = QueueUrl.slice(QueueUrl.lastIndexOf("/") + 1);
    // What a topic tells a queue that no function works on is for others, who are not there.
    if (told.has(queue) && !worked.has(queue)) continue;
    for (const message of await lookAtMessages(cloud, QueueUrl)) {
      const reason = reasonOf(message);
      if (worked.has(queue)) wrong.push(`${queue} still holds ${message.Body?.slice(0, 200)}`);
      else if (reason === undefined)
        wrong.push(`${queue} holds a message without a reason: ${message.Body?.slice(0, 200)}`);
      else parked.push({ queue, reason, body: message.Body ?? "" });
    }
  }
  const executions = await executionsOf(cloud);
  for (const { name, status } of executions) if (status === "RUNNING") wrong.push(`execution ${name} has not ended`);
  const counts = Object.entries(Object.groupBy(executions, ({ status }) => status));
  return { parked, wrong, executions: Object.fromEntries(counts.map(([status, some = []]) => [status, some.length])) };
}

const nameIn = (arn: string): string => arn.slice(arn.lastIndexOf(":") + 1);

async function queuesOfTopics(cloud: TestCloud): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let NextToken: string | undefined;
  do {
    const page = await cloud.call("sns", "ListSubscriptions", NextToken === undefined ? {} : { NextToken }, ACCOUNT);
    for (const { Protocol, Endpoint = "" } of page.Subscriptions ?? [])
      if (Protocol === "sqs") names.add(nameIn(Endpoint));
    NextToken = page.NextToken;
  } while (NextToken !== undefined);
  return names;
}

/** As the app says it, as EventBridge and Lambda say it, or that it was received too often. */
function reasonOf({ MessageAttributes = {}, Attributes = {}, Body = "" }: Message): string | undefined {
  for (const name of ["error", "ERROR_CODE", "ErrorCode"]) {
    const value = MessageAttributes[name]?.StringValue;
    if (value) return value;
  }
  const condition = /"condition":"(\w+)"/.exec(Body)?.[1];
  if (condition) return `${condition} ${/"errorType":"(\w+)"/.exec(Body)?.[1] ?? ""}`.trim();
  const told = /"(?:error|reason|cause)":\s*"([^"]+)"/i.exec(Body)?.[1];
  if (told) return told;
  return Attributes.DeadLetterQueueSourceArn ? `received ${Attributes.ApproximateReceiveCount} times` : undefined;
}

async function executionsOf(cloud: TestCloud): Promise<{ name: string; status: string }[]> {
  const found: { name: string; status: string }[] = [];
  const { stateMachines = [] } = await cloud.call("states", "ListStateMachines", { maxResults: 1_000 }, ACCOUNT);
  for (const { stateMachineArn, name: machine, type } of stateMachines) {
    if (type === "EXPRESS") continue;
    let nextToken: string | undefined;
    do {
      const page = await cloud.call(
        "states",
        "ListExecutions",
        { stateMachineArn, maxResults: 1_000, ...(nextToken !== undefined && { nextToken }) },
        ACCOUNT,
      );
      for (const { name, status = "" } of page.executions ?? []) found.push({ name: `${machine}:${name}`, status });
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
  }
  return found;
}
