/** SNS: a subscription of the function, or of a queue that the function reads. */
import { compact, getAtt, isFields, ref, type Fields, type Value } from "../../value.ts";
import { type Lowering, textOf } from "../lowering.ts";
import { addPermission, type EventTarget, required, type RoleAddition, type SamEvent } from "./event.ts";
import { SQS_ROLE } from "./stream.ts";

export function lowerSnsEvent(lowering: Lowering, target: EventTarget, event: SamEvent): RoleAddition | undefined {
  const topic = required(target, event, "Topic");
  const { SqsSubscription: bySqs } = event.properties;
  if (bySqs === undefined || bySqs === false) {
    addPermission(lowering, target, `${event.id}Permission`, "sns.amazonaws.com", { SourceArn: topic });
    subscribe(lowering, target, event, "lambda", target.arn);
    return undefined;
  }
  const given = isFields(bySqs) ? bySqs : undefined;
  const queueId = `${event.id}Queue`;
  if (!given) lowering.add(queueId, "AWS::SQS::Queue", {}, target.resource.passed);
  const arn = given?.["QueueArn"] ?? getAtt(queueId, "Arn");
  const url = given?.["QueueUrl"] ?? ref(queueId);
  lowering.add(
    textOf(given?.["QueuePolicyLogicalId"]) ?? `${event.id}QueuePolicy`,
    "AWS::SQS::QueuePolicy",
    { PolicyDocument: letSend(arn, "*", topic), Queues: [url] },
    target.resource.passed,
  );
  lowering.add(
    `${event.id}EventSourceMapping`,
    "AWS::Lambda::EventSourceMapping",
    {
      BatchSize: given?.["BatchSize"] ?? 10,
      Enabled: given?.["Enabled"] ?? true,
      EventSourceArn: arn,
      FunctionName: target.reference,
    },
    target.resource.passed,
  );
  subscribe(lowering, target, event, "sqs", arn);
  return { managed: [SQS_ROLE] };
}

function subscribe(lowering: Lowering, target: EventTarget, event: SamEvent, protocol: string, endpoint: Value): void {
  const { Topic, FilterPolicy, FilterPolicyScope, RedrivePolicy, Region } = event.properties;
  lowering.add(
    event.id,
    "AWS::SNS::Subscription",
    { Endpoint: endpoint, Protocol: protocol, TopicArn: Topic, FilterPolicy, FilterPolicyScope, RedrivePolicy, Region },
    target.resource.passed,
  );
}

/** A queue policy that lets one source send. */
export const letSend = (queueArn: Value, principal: Value, sourceArn: Value): Fields =>
  compact({
    Version: "2012-10-17",
    Statement: [
      {
        Action: "sqs:SendMessage",
        Effect: "Allow",
        Principal: principal,
        Resource: queueArn,
        Condition: { ArnEquals: { "aws:SourceArn": sourceArn } },
      },
    ],
  });
