/** EventInvokeConfig of a function: retries and destinations of asynchronous invocations. */
import { inside } from "../../template-error.ts";
import { getAtt, isFields, ref, type Fields, type Value } from "../../value.ts";
import { fieldsOf, invalid, type Lowering, type SamResource, textOf } from "../lowering.ts";
import { allow } from "../roles.ts";

const SEND: Readonly<Record<string, string>> = {
  SQS: "sqs:SendMessage",
  SNS: "sns:publish",
  Lambda: "lambda:InvokeFunction",
  EventBridge: "events:PutEvents",
  S3Bucket: "s3:PutObject",
};

/** Answers the policies that the function's role needs for its destinations. */
export function lowerInvokeConfig(
  lowering: Lowering,
  resource: SamResource,
  aliasId: string | undefined,
): readonly Fields[] {
  const config = resource.properties["EventInvokeConfig"];
  if (!isFields(config)) return [];
  const id = `${resource.id}EventInvokeConfig`;
  const policies: Fields[] = [];
  const destinations: Record<string, Value> = {};
  for (const [event, given] of Object.entries(fieldsOf(config["DestinationConfig"]))) {
    const path = inside(resource.path, `Properties.EventInvokeConfig.DestinationConfig.${event}`);
    if (event !== "OnSuccess" && event !== "OnFailure")
      throw invalid(resource.id, `'${event}' is not a valid event of EventInvokeConfig.DestinationConfig`, path);
    const { Type: type, Destination: destination } = fieldsOf(given);
    const kind = textOf(lowering.known(type)) ?? "";
    const action = SEND[kind];
    if (action === undefined)
      throw invalid(resource.id, `'Type: ${kind}' must be one of [${Object.keys(SEND).join(", ")}]`, path);
    const target = destination ?? madeDestination(lowering, resource, `${id}${event}`, kind, path);
    destinations[event] = { Destination: target };
    const resourceArn = kind === "S3Bucket" ? { "Fn::Sub": ["${bucketArn}/*", { bucketArn: target }] } : target;
    policies.push(allow(`${id}${event}${kind}Policy`, action, resourceArn));
  }
  const { DependsOn: _dependsOn, ...attributes } = resource.attributes;
  lowering.add(
    id,
    "AWS::Lambda::EventInvokeConfig",
    {
      DestinationConfig: Object.keys(destinations).length > 0 ? destinations : undefined,
      FunctionName: ref(resource.id),
      MaximumEventAgeInSeconds: config["MaximumEventAgeInSeconds"],
      MaximumRetryAttempts: config["MaximumRetryAttempts"],
      Qualifier:
        aliasId === undefined ? "$LATEST" : (lowering.known(resource.properties["AutoPublishAlias"]) ?? "$LATEST"),
    },
    { ...attributes, ...(aliasId === undefined ? {} : { DependsOn: [aliasId] }) },
  );
  return policies;
}

/** Without a destination SAM makes a queue or topic. */
function madeDestination(lowering: Lowering, resource: SamResource, id: string, kind: string, path: string): Value {
  if (kind === "SQS") {
    lowering.add(`${id}Queue`, "AWS::SQS::Queue", {}, resource.passed);
    return getAtt(`${id}Queue`, "Arn");
  }
  if (kind === "SNS") return lowering.add(`${id}Topic`, "AWS::SNS::Topic", {}, resource.passed);
  throw invalid(resource.id, `Destination is required if Type is not one of [SQS, SNS]`, path);
}
