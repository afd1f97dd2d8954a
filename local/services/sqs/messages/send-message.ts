import { createHash } from "node:crypto";
import type { SendMessageResult } from "@aws-sdk/client-sqs";
import type { Principal } from "../../../core/principal.ts";
import type { Call, Handler } from "../../../core/service.ts";
import { numberOf } from "../attributes.ts";
import type { Queue } from "../queue.ts";
import type { Queues, SQS } from "../store.ts";
import { checkGrouping, checkMessage, type OutgoingMessage } from "./check-message.ts";
import { md5, md5OfAttributes } from "./md5.ts";

export const sendMessage =
  (queues: Queues): Handler<SQS, "SendMessage"> =>
  (input, call) => {
    const queue = queues.byUrl(input.QueueUrl);
    checkMessage(queue, input);
    checkGrouping(queue, input);
    return send(queues, queue, input, call);
  };

/** Puts a checked message into the queue. A duplicate in a FIFO queue answers as the first one did, and changes nothing. */
export function send(
  queues: Queues,
  queue: Queue,
  message: OutgoingMessage,
  { principal: sender, headers }: Call,
): SendMessageResult & { MessageId: string; MD5OfMessageBody: string } {
  const { MessageBody: body = "", MessageAttributes: attributes = {}, MessageGroupId: groupId } = message;
  const digest = md5(body);
  const digestOfAttributes = md5OfAttributes(attributes);
  const digestOfSystemAttributes = md5OfAttributes(message.MessageSystemAttributes ?? {});
  const { name } = queue.record;
  const duplicateId = queue.isFifo ? (message.MessageDeduplicationId ?? sha256(body)) : undefined;
  const scope = queue.record.attributes["DeduplicationScope"] === "messageGroup" ? (groupId ?? "") : "";
  const answer = (id: string, sequenceNumber: string | undefined) => ({
    MessageId: id,
    MD5OfMessageBody: digest,
    ...(digestOfAttributes && { MD5OfMessageAttributes: digestOfAttributes }),
    ...(digestOfSystemAttributes && { MD5OfMessageSystemAttributes: digestOfSystemAttributes }),
    ...(sequenceNumber && { SequenceNumber: sequenceNumber }),
  });
  if (duplicateId !== undefined) {
    const first = queues.deduplication.find(name, scope, duplicateId);
    if (first) return answer(first.messageId, first.sequenceNumber);
  }
  const now = queues.cloud.clock.now();
  const delaySeconds = queue.isFifo ? undefined : message.DelaySeconds;
  const sent = queue.send({
    id: queues.cloud.uuid(),
    body,
    bodyMd5: digest,
    attributes,
    // "Using the X-Ray trace header with SQS": the HTTP header serves where the system attribute is not given.
    traceHeader: message.MessageSystemAttributes?.AWSTraceHeader?.StringValue ?? headers["x-amzn-trace-id"],
    senderId: senderIdOf(sender, queues.cloud.accountId),
    sentAt: now,
    delayedUntil: now + 1000 * (delaySeconds ?? numberOf(queue.record.attributes, "DelaySeconds")),
    groupId,
    deduplicationId: duplicateId,
    deadLetterSourceArn: undefined,
  });
  if (duplicateId !== undefined) queues.deduplication.remember(name, scope, duplicateId, sent);
  return answer(sent.id, sent.sequenceNumber);
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

/** As AWS writes it: an id of the role with the session's name, an id of the service, or the account. */
function senderIdOf(sender: Principal, accountId: string): string {
  const idOf = (prefix: string, of: string): string => prefix + sha256(of).slice(0, 17).toUpperCase();
  if (sender.kind === "role") return `${idOf("AROA", sender.roleArn)}:${sender.sessionName}`;
  if (sender.kind === "service") return idOf("AIDA", sender.service);
  return sender.kind === "anonymous" ? "anonymous" : accountId;
}
