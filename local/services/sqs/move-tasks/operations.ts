/** StartMessageMoveTask, ListMessageMoveTasks and CancelMessageMoveTask. */
import type { ListMessageMoveTasksResultEntry } from "@aws-sdk/client-sqs";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Queue } from "../queue.ts";
import { invalidParameter, missingParameter, type Queues, type SQS } from "../store.ts";
import type { MoveTasks } from "./runner.ts";
import { handleOf, type MoveTask, readHandle } from "./task.ts";

export const startMessageMoveTask =
  (queues: Queues, tasks: MoveTasks): Handler<SQS, "StartMessageMoveTask"> =>
  (input) => {
    const source = queueOf(queues, input.SourceArn, "SourceArn");
    const { DestinationArn: destinationArn, MaxNumberOfMessagesPerSecond: maxPerSecond } = input;
    if (destinationArn !== undefined) queueOf(queues, destinationArn, "DestinationArn");
    if (maxPerSecond !== undefined && !(Number.isInteger(maxPerSecond) && maxPerSecond >= 1 && maxPerSecond <= 500)) {
      throw invalidParameter(maxPerSecond, "MaxNumberOfMessagesPerSecond", "Must be between 1 and 500, if provided.");
    }
    if (queues.sourcesOf(source).length === 0) {
      throw new ServiceError("InvalidParameterValue", "Source queue must be configured as a Dead Letter Queue.");
    }
    if (tasks.of(source.arn).some((task) => task.status === "RUNNING")) {
      throw new ServiceError(
        "InvalidParameterValue",
        "There is already a task running. Only one active task is allowed for a source queue arn at a given time.",
      );
    }
    const task: MoveTask = {
      id: queues.cloud.uuid(),
      sourceArn: source.arn,
      destinationArn,
      maxPerSecond,
      status: "RUNNING",
      moved: 0,
      toMove: source.counts.visible,
      startedAt: queues.cloud.clock.now(),
      failureReason: undefined,
    };
    tasks.start(task);
    return { TaskHandle: handleOf(task) };
  };

export const listMessageMoveTasks =
  (queues: Queues, tasks: MoveTasks): Handler<SQS, "ListMessageMoveTasks"> =>
  (input) => {
    const source = queueOf(queues, input.SourceArn, "SourceArn");
    const limit = input.MaxResults ?? 1;
    if (!Number.isInteger(limit) || limit < 1 || limit > 10) {
      throw invalidParameter(limit, "MaxResults", "Must be between 1 and 10, if provided.");
    }
    return { Results: tasks.of(source.arn).slice(0, limit).map(describe) };
  };

export const cancelMessageMoveTask =
  (queues: Queues, tasks: MoveTasks): Handler<SQS, "CancelMessageMoveTask"> =>
  (input) => {
    const { taskId, sourceArn } = readHandle(input.TaskHandle);
    queueOf(queues, sourceArn, "SourceArn");
    const task = tasks.get(taskId);
    if (task === undefined)
      throw new ServiceError("ResourceNotFoundException", "Task does not exist.", { status: 404 });
    if (task.status !== "RUNNING") {
      throw new ServiceError("InvalidParameterValue", "Only active tasks can be cancelled.");
    }
    tasks.end(task, "CANCELLED");
    return { ApproximateNumberOfMessagesMoved: task.moved };
  };

function queueOf(queues: Queues, arn: string | undefined, parameter: string): Queue {
  if (!arn) throw missingParameter(parameter);
  const queue = queues.byArn(arn);
  if (queue === undefined) {
    const message = `The resource that you specified for the ${parameter} parameter doesn't exist.`;
    throw new ServiceError("ResourceNotFoundException", message, { status: 404 });
  }
  return queue;
}

const describe = (task: MoveTask): ListMessageMoveTasksResultEntry => ({
  // Only a running task can be cancelled, so only it shows its handle.
  ...(task.status === "RUNNING" && { TaskHandle: handleOf(task) }),
  Status: task.status,
  SourceArn: task.sourceArn,
  ...(task.destinationArn !== undefined && { DestinationArn: task.destinationArn }),
  ...(task.maxPerSecond !== undefined && { MaxNumberOfMessagesPerSecond: task.maxPerSecond }),
  ApproximateNumberOfMessagesMoved: task.moved,
  ApproximateNumberOfMessagesToMove: task.toMove,
  ...(task.failureReason !== undefined && { FailureReason: task.failureReason }),
  StartedTimestamp: task.startedAt,
});
