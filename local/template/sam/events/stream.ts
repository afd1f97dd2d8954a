/** SQS, DynamoDB and Kinesis: an event source mapping, and leave for the function's role to read the source. */
import { compact, type Value } from "../../value.ts";
import { fieldsOf, type Lowering, textOf } from "../lowering.ts";
import { allow } from "../roles.ts";
import { eventError, type EventTarget, required, type RoleAddition, type SamEvent } from "./event.ts";

export const SQS_ROLE = "service-role/AWSLambdaSQSQueueExecutionRole";

const SOURCES: Readonly<
  Record<string, { readonly property: string; readonly role: string; readonly isStream: boolean }>
> = {
  SQS: { property: "Queue", role: SQS_ROLE, isStream: false },
  DynamoDB: { property: "Stream", role: "service-role/AWSLambdaDynamoDBExecutionRole", isStream: true },
  Kinesis: { property: "Stream", role: "service-role/AWSLambdaKinesisExecutionRole", isStream: true },
};

const PASSED = [
  "BatchSize",
  "BisectBatchOnFunctionError",
  "Enabled",
  "FilterCriteria",
  "FunctionResponseTypes",
  "KmsKeyArn",
  "MaximumBatchingWindowInSeconds",
  "MaximumRecordAgeInSeconds",
  "MaximumRetryAttempts",
  "MetricsConfig",
  "ParallelizationFactor",
  "ProvisionedPollerConfig",
  "ScalingConfig",
  "StartingPosition",
  "StartingPositionTimestamp",
  "TumblingWindowInSeconds",
];

export function lowerStreamEvent(lowering: Lowering, target: EventTarget, event: SamEvent): RoleAddition | undefined {
  const source = SOURCES[event.type];
  if (!source) return undefined;
  const arn = required(target, event, source.property);
  if (source.isStream) required(target, event, "StartingPosition");
  const failure = onFailure(target, event);
  lowering.add(
    event.id,
    "AWS::Lambda::EventSourceMapping",
    {
      EventSourceArn: arn,
      FunctionName: target.reference,
      DestinationConfig: failure === undefined ? undefined : { OnFailure: { Destination: failure.destination } },
      ...compact(Object.fromEntries(PASSED.map((name) => [name, event.properties[name]]))),
    },
    target.resource.passed,
  );
  return { managed: [source.role], inline: failure?.policy === undefined ? [] : [failure.policy] };
}

function onFailure(target: EventTarget, event: SamEvent) {
  const config = event.properties["DestinationConfig"];
  if (config === undefined) return undefined;
  const { Destination: destination, Type: type } = fieldsOf(fieldsOf(config)["OnFailure"]);
  if (destination === undefined)
    throw eventError(target, event, "'OnFailure' is a required field for 'DestinationConfig'.");
  return { destination, policy: destinationPolicy(event.id, textOf(type), destination) };
}

function destinationPolicy(id: string, type: string | undefined, destination: Value) {
  if (type === "SQS") return allow(`${id}SQSPolicy`, "sqs:SendMessage", destination);
  if (type === "SNS") return allow(`${id}SNSPolicy`, "sns:publish", destination);
  return undefined;
}
