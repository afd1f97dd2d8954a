/** EventBridge rules: EventBridgeRule, CloudWatchEvent and Schedule, for functions and state machines. */
import { compact, getAtt, isFields, ref, type Fields, type Value } from "../../value.ts";
import { type Lowering, textOf } from "../lowering.ts";
import { addPermission, eventError, type EventTarget, required, type SamEvent } from "./event.ts";
import { letSend } from "./sns.ts";
import { startExecutionRole } from "./start-execution-role.ts";

export function lowerRuleEvent(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const { properties } = event;
  const isSchedule = event.type === "Schedule";
  if (!isSchedule && properties["Pattern"] === undefined && properties["EventPattern"] === undefined)
    throw eventError(target, event, "missing property 'Pattern'.");
  const arn = target.kind === "function" ? target.arn : target.reference;
  const suffix = target.kind === "function" ? "LambdaTarget" : "StepFunctionsTarget";
  const given = isFields(properties["Target"]) ? properties["Target"] : {};
  lowering.add(
    event.id,
    "AWS::Events::Rule",
    {
      Description: isSchedule ? properties["Description"] : undefined,
      Name: isSchedule ? properties["Name"] : properties["RuleName"],
      EventBusName: properties["EventBusName"],
      EventPattern: properties["Pattern"] ?? properties["EventPattern"],
      ScheduleExpression: isSchedule ? required(target, event, "Schedule") : undefined,
      State: state(target, event),
      Targets: [
        compact({
          Arn: arn,
          Id: given["Id"] ?? `${event.id}${suffix}`,
          RoleArn:
            target.kind === "function"
              ? undefined
              : startExecutionRole(lowering, target, event, "events.amazonaws.com"),
          Input: properties["Input"],
          InputPath: properties["InputPath"],
          InputTransformer: properties["InputTransformer"],
          DeadLetterConfig: deadLetter(lowering, target, event),
          RetryPolicy: properties["RetryPolicy"],
        }),
      ],
    },
    target.resource.passed,
  );
  if (target.kind === "function")
    addPermission(lowering, target, `${event.id}Permission`, "events.amazonaws.com", {
      SourceArn: getAtt(event.id, "Arn"),
    });
}

function state(target: EventTarget, event: SamEvent): Value | undefined {
  const { Enabled: enabled, State: given } = event.properties;
  if (enabled !== undefined && given !== undefined)
    throw eventError(target, event, "State and Enabled Properties cannot both be specified.");
  if (event.type !== "Schedule" || enabled === undefined) return given;
  return String(enabled) === "true" ? "ENABLED" : "DISABLED";
}

/** A queue of the template, or one made for this rule. */
function deadLetter(lowering: Lowering, target: EventTarget, event: SamEvent): Fields | undefined {
  const config = event.properties["DeadLetterConfig"];
  if (!isFields(config)) return undefined;
  if (config["Arn"] !== undefined && config["Type"] !== undefined)
    throw eventError(target, event, "You can either define 'Arn' or 'Type' property of DeadLetterConfig");
  if (config["Arn"] !== undefined) return { Arn: config["Arn"] };
  if (config["Type"] !== "SQS")
    throw eventError(target, event, "The only valid value for 'Type' property of DeadLetterConfig is 'SQS'");
  const queueId = textOf(config["QueueLogicalId"]) ?? `${event.id}Queue`;
  const arn = getAtt(queueId, "Arn");
  lowering.add(queueId, "AWS::SQS::Queue", {}, target.resource.passed);
  lowering.add(
    `${event.id}QueuePolicy`,
    "AWS::SQS::QueuePolicy",
    {
      PolicyDocument: letSend(arn, { Service: "events.amazonaws.com" }, getAtt(event.id, "Arn")),
      Queues: [ref(queueId)],
    },
    target.resource.passed,
  );
  return { Arn: arn };
}
