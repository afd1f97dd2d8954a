/** What callers need for each operation, and the policy of the queue itself ("Amazon SQS API permissions"). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission, PolicyDocument } from "../../core/principal.ts";
import { readHandle } from "./move-tasks/task.ts";
import { type Queues, readQueueUrl } from "./store.ts";

type Inputs = Readonly<Record<string, unknown>>;

/** Moving messages reads and deletes in one queue and sends to another. */
const MOVE_ACTIONS = ["StartMessageMoveTask", "ReceiveMessage", "DeleteMessage", "GetQueueAttributes"];

export function permissionsOf(cloud: Cloud, operation: string, input: Inputs): Permission[] {
  const arn = arnOf(cloud, operation, input);
  if (operation === "StartMessageMoveTask") {
    const needed = MOVE_ACTIONS.map((action) => ({ action: `sqs:${action}`, resource: arn }));
    const { DestinationArn: destination } = input;
    return typeof destination === "string" ? [...needed, { action: "sqs:SendMessage", resource: destination }] : needed;
  }
  // Batches need the permission of the single action.
  return [{ action: `sqs:${operation.replace(/Batch$/, "")}`, resource: arn }];
}

export function policyOf(queues: Queues, arn: string): PolicyDocument | undefined {
  const text = queues.byArn(arn)?.record.attributes["Policy"];
  // Checked to be a policy document when it was set.
  return text === undefined ? undefined : (JSON.parse(text) as PolicyDocument);
}

function arnOf(cloud: Cloud, operation: string, input: Inputs): string {
  const { QueueUrl: url, QueueName: name, SourceArn: source, TaskHandle: handle } = input;
  if (typeof source === "string") return source;
  if (typeof name === "string") return cloud.arn("sqs", name);
  if (typeof url === "string") return cloud.arn("sqs", readQueueUrl(url).name ?? "*");
  if (operation === "CancelMessageMoveTask" && typeof handle === "string") return readHandle(handle).sourceArn;
  return "*";
}
