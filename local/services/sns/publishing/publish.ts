import { createHash } from "node:crypto";
import type { Call, Handler } from "../../../core/service.ts";
import type { Deliveries } from "../delivery/deliveries.ts";
import { addToOutbox } from "../outbox.ts";
import { invalid, type SNS, type Topic, type Topics } from "../store.ts";
import { checkGrouping, checkMessage, type OutgoingMessage } from "./check-message.ts";

export const publish =
  (topics: Topics, deliveries: Deliveries): Handler<SNS, "Publish"> =>
  (input, call) => {
    const { TopicArn: topicArn, TargetArn: targetArn, PhoneNumber: phone } = input;
    const targets = [topicArn, targetArn, phone].filter((target) => target !== undefined);
    if (targets.length === 0) throw invalid("TopicArn or TargetArn Reason: no value for required parameter");
    if (targets.length > 1)
      throw invalid("TopicArn, TargetArn and PhoneNumber Reason: exactly one of them must be given");
    if (phone !== undefined) return publishSms(topics, phone, input);
    if (targetArn?.includes(":endpoint/")) {
      throw invalid("TargetArn Reason: No endpoint found for the target arn specified");
    }
    const topic = topics.byArn(topicArn ?? targetArn, topicArn === undefined ? "TargetArn" : "TopicArn");
    checkGrouping(topic, input);
    return send(topics, deliveries, topic, input, checkMessage(input), call);
  };

/** Hands a checked message to the subscribers. A duplicate on a FIFO topic answers as the first one did, and goes nowhere. */
export function send(
  topics: Topics,
  deliveries: Deliveries,
  topic: Topic,
  message: OutgoingMessage,
  texts: Readonly<Record<string, string>>,
  call: Call,
): { MessageId: string; SequenceNumber?: string } {
  const { MessageGroupId: groupId } = message;
  const deduplicationId = topic.isFifo ? (message.MessageDeduplicationId ?? sha256(message.Message ?? "")) : undefined;
  const scope = topic.attributes["FifoThroughputScope"] === "MessageGroup" ? (groupId ?? "") : "";
  const answer = (MessageId: string, SequenceNumber: string | undefined) => ({
    MessageId,
    ...(SequenceNumber !== undefined && { SequenceNumber }),
  });
  if (deduplicationId !== undefined) {
    const first = topics.deduplication.find(topic.arn, scope, deduplicationId);
    if (first) return answer(first.messageId, first.sequenceNumber);
  }
  const notification = {
    id: topics.cloud.uuid(),
    topicArn: topic.arn,
    timestamp: new Date(topics.cloud.clock.now()).toISOString(),
    subject: message.Subject,
    texts,
    attributes: message.MessageAttributes ?? {},
    groupId,
    deduplicationId,
    sequenceNumber: topic.isFifo ? topics.nextSequenceNumber() : undefined,
    traceHeader: call.headers["x-amzn-trace-id"],
  };
  if (deduplicationId !== undefined) topics.deduplication.remember(topic.arn, scope, deduplicationId, notification);
  deliveries.fanOut(notification);
  return answer(notification.id, notification.sequenceNumber);
}

function publishSms(topics: Topics, phone: string, message: OutgoingMessage): { MessageId: string } {
  if (!/^\+?[1-9]\d{6,14}$/.test(phone)) throw invalid(`PhoneNumber Reason: ${phone} is not valid to publish to`);
  const texts = checkMessage(message);
  const text = texts["sms"] ?? texts["default"] ?? "";
  const { id } = addToOutbox(topics.cloud, { kind: "sms", to: [phone], text, source: "sns" });
  return { MessageId: id };
}

const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");
