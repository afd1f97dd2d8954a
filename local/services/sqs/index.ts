/** Amazon SQS. */
import * as sdk from "@aws-sdk/client-sqs";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { changeMessageVisibility, changeMessageVisibilityBatch } from "./messages/change-message-visibility.ts";
import { deleteMessage, deleteMessageBatch } from "./messages/delete-message.ts";
import { receiveMessage } from "./messages/receive-message.ts";
import { sendMessage } from "./messages/send-message.ts";
import { sendMessageBatch } from "./messages/send-message-batch.ts";
import { cancelMessageMoveTask, listMessageMoveTasks, startMessageMoveTask } from "./move-tasks/operations.ts";
import { reportMetrics } from "./metrics.ts";
import { MoveTasks } from "./move-tasks/runner.ts";
import { permissionsOf, policyOf } from "./permissions.ts";
import { createQueue } from "./queues/create-queue.ts";
import { deleteQueue } from "./queues/delete-queue.ts";
import { getQueueAttributes } from "./queues/get-queue-attributes.ts";
import { getQueueUrl } from "./queues/get-queue-url.ts";
import { listDeadLetterSourceQueues, listQueues } from "./queues/list-queues.ts";
import { addPermission, removePermission } from "./queues/permissions.ts";
import { purgeQueue } from "./queues/purge-queue.ts";
import { setQueueAttributes } from "./queues/set-queue-attributes.ts";
import { listQueueTags, tagQueue, untagQueue } from "./queues/tags.ts";
import { resourcesOf } from "./resources.ts";
import { Queues } from "./store.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const queues = new Queues(cloud);
  const tasks = new MoveTasks(queues);
  const endReports = reportMetrics(cloud, queues);
  return {
    sdk,
    handlers: {
      AddPermission: addPermission(queues),
      CancelMessageMoveTask: cancelMessageMoveTask(queues, tasks),
      ChangeMessageVisibility: changeMessageVisibility(queues),
      ChangeMessageVisibilityBatch: changeMessageVisibilityBatch(queues),
      CreateQueue: createQueue(queues),
      DeleteMessage: deleteMessage(queues),
      DeleteMessageBatch: deleteMessageBatch(queues),
      DeleteQueue: deleteQueue(queues),
      GetQueueAttributes: getQueueAttributes(queues),
      GetQueueUrl: getQueueUrl(queues),
      ListDeadLetterSourceQueues: listDeadLetterSourceQueues(queues),
      ListMessageMoveTasks: listMessageMoveTasks(queues, tasks),
      ListQueues: listQueues(queues),
      ListQueueTags: listQueueTags(queues),
      PurgeQueue: purgeQueue(queues),
      ReceiveMessage: receiveMessage(queues),
      RemovePermission: removePermission(queues),
      SendMessage: sendMessage(queues),
      SendMessageBatch: sendMessageBatch(queues),
      SetQueueAttributes: setQueueAttributes(queues),
      StartMessageMoveTask: startMessageMoveTask(queues, tasks),
      TagQueue: tagQueue(queues),
      UntagQueue: untagQueue(queues),
    },
    permissions: (operation, input) => permissionsOf(cloud, operation, input),
    resourcePolicy: (arn) => policyOf(queues, arn),
    resources: resourcesOf(cloud),
    resume() {
      queues.resume();
      tasks.resume();
    },
    stop() {
      endReports();
      queues.stop();
      tasks.stop();
    },
  };
}
