/** AWS::StepFunctions::StateMachine. */
import type { LoggingConfiguration } from "@aws-sdk/client-sfn";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../../core/service.ts";
import { definitionOf } from "./definition.ts";
import { requiredText, tagsOf, textOf, unlessGone } from "./properties.ts";

/** Changes of these make a new machine. */
const REPLACING = ["StateMachineName", "StateMachineType"] as const;

export const stateMachineProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    Definition: true,
    DefinitionS3Location: { Bucket: true, Key: true, Version: true },
    DefinitionString: true,
    DefinitionSubstitutions: true,
    LoggingConfiguration: {
      Destinations: [{ CloudWatchLogsLogGroup: { LogGroupArn: true } }],
      IncludeExecutionData: true,
      Level: true,
    },
    RoleArn: true,
    StateMachineName: true,
    StateMachineType: true,
    Tags: [{ Key: true, Value: true }],
    TracingConfiguration: { Enabled: true },
  },
  async create(properties, context) {
    const name = textOf(properties, "StateMachineName") ?? context.physicalName(80);
    const { stateMachineArn = "" } = await cloud.call(
      "states",
      "CreateStateMachine",
      {
        name,
        definition: await definitionOf(cloud, properties, context),
        roleArn: requiredText(properties, "RoleArn"),
        type: textOf(properties, "StateMachineType") === "EXPRESS" ? "EXPRESS" : "STANDARD",
        loggingConfiguration: loggingOf(properties),
        tracingConfiguration: tracingOf(properties),
        tags: tagsOf(properties, context),
      },
      ACCOUNT,
    );
    return stateOf(cloud, stateMachineArn);
  },
  async update(stateMachineArn, properties, previous, context) {
    if (REPLACING.some((name) => textOf(properties, name) !== textOf(previous, name))) return "replace";
    await cloud.call(
      "states",
      "UpdateStateMachine",
      {
        stateMachineArn,
        definition: await definitionOf(cloud, properties, context),
        roleArn: requiredText(properties, "RoleArn"),
        loggingConfiguration: loggingOf(properties),
        tracingConfiguration: tracingOf(properties),
      },
      ACCOUNT,
    );
    await retag(cloud, stateMachineArn, properties, context);
    return stateOf(cloud, stateMachineArn);
  },
  async delete(stateMachineArn) {
    await unlessGone(cloud.call("states", "DeleteStateMachine", { stateMachineArn }, ACCOUNT));
  },
});

async function stateOf(cloud: Cloud, arn: string): Promise<ResourceState> {
  const { name, revisionId } = await cloud.call("states", "DescribeStateMachine", { stateMachineArn: arn }, ACCOUNT);
  return { physicalId: arn, attributes: { Arn: arn, Name: name, StateMachineRevisionId: revisionId ?? "INITIAL" } };
}

function loggingOf(properties: Properties): LoggingConfiguration {
  const {
    Level: level = "OFF",
    IncludeExecutionData: data = false,
    Destinations: destinations = [],
  } = objectOf(properties["LoggingConfiguration"]);
  return {
    // The service checks the level.
    level: String(level) as LoggingConfiguration["level"],
    includeExecutionData: String(data) === "true",
    destinations: (Array.isArray(destinations) ? destinations : []).map((destination) => ({
      cloudWatchLogsLogGroup: {
        logGroupArn: String(objectOf(objectOf(destination)["CloudWatchLogsLogGroup"])["LogGroupArn"] ?? ""),
      },
    })),
  };
}

const tracingOf = (properties: Properties): { enabled: boolean } => ({
  enabled: String(objectOf(properties["TracingConfiguration"])["Enabled"]) === "true",
});

const objectOf = (value: unknown): Properties =>
  typeof value === "object" && value !== null ? (value as Properties) : {};

async function retag(
  cloud: Cloud,
  resourceArn: string,
  properties: Properties,
  context: ResourceContext,
): Promise<void> {
  const tags = tagsOf(properties, context);
  const { tags: current = [] } = await cloud.call("states", "ListTagsForResource", { resourceArn }, ACCOUNT);
  const tagKeys = current.flatMap(({ key = "" }) => (tags.some((tag) => tag.key === key) ? [] : [key]));
  if (tagKeys.length > 0) await cloud.call("states", "UntagResource", { resourceArn, tagKeys }, ACCOUNT);
  await cloud.call("states", "TagResource", { resourceArn, tags }, ACCOUNT);
}
