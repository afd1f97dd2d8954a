/** ScheduleV2: a schedule of EventBridge Scheduler, with a role of its own. */
import { compact, getAtt, isFields, type Fields, type Value } from "../../value.ts";
import type { Lowering } from "../lowering.ts";
import { allow, trust } from "../roles.ts";
import { eventError, type EventTarget, required, type SamEvent } from "./event.ts";

const PASSED = ["Description", "EndDate", "GroupName", "KmsKeyArn", "ScheduleExpressionTimezone", "StartDate", "State"];

export function lowerScheduleV2Event(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const { properties } = event;
  const arn = target.kind === "function" ? target.arn : target.reference;
  const deadLetter = deadLetterArn(target, event);
  const omitsName = lowering.known(properties["OmitName"]) === true;
  lowering.add(
    event.id,
    "AWS::Scheduler::Schedule",
    {
      ScheduleExpression: required(target, event, "ScheduleExpression"),
      FlexibleTimeWindow: properties["FlexibleTimeWindow"] ?? { Mode: "OFF" },
      Name: properties["Name"] ?? (omitsName ? undefined : event.id),
      ...compact(Object.fromEntries(PASSED.map((name) => [name, properties[name]]))),
      Target: compact({
        Arn: arn,
        RoleArn: properties["RoleArn"] ?? scheduleRole(lowering, target, event, arn, deadLetter),
        Input: properties["Input"],
        DeadLetterConfig: deadLetter === undefined ? undefined : { Arn: deadLetter },
        RetryPolicy: properties["RetryPolicy"],
      }),
    },
    target.resource.passed,
  );
}

function scheduleRole(
  lowering: Lowering,
  target: EventTarget,
  event: SamEvent,
  arn: Value,
  deadLetter: Value | undefined,
): Fields {
  const id = `${event.id}Role`;
  const start =
    target.kind === "function"
      ? allow(`${event.id}LambdaPolicy`, "lambda:InvokeFunction", arn)
      : allow(`${event.id}StartExecutionPolicy`, "states:StartExecution", arn);
  lowering.add(
    id,
    "AWS::IAM::Role",
    {
      AssumeRolePolicyDocument: trust("scheduler.amazonaws.com"),
      Policies: [
        start,
        ...(deadLetter === undefined ? [] : [allow(`${event.id}SQSPolicy`, "sqs:SendMessage", deadLetter)]),
      ],
      PermissionsBoundary: event.properties["PermissionsBoundary"],
    },
    target.resource.passed,
  );
  return getAtt(id, "Arn");
}

function deadLetterArn(target: EventTarget, event: SamEvent): Value | undefined {
  const config = event.properties["DeadLetterConfig"];
  if (config === undefined) return undefined;
  const arn = isFields(config) ? config["Arn"] : undefined;
  if (arn === undefined)
    throw eventError(
      target,
      event,
      "The local cloud makes no queue for ScheduleV2: DeadLetterConfig needs the property Arn",
    );
  return arn;
}
