/** AWS::StepFunctions::StateMachineAlias. */
import type { RoutingConfigurationListItem } from "@aws-sdk/client-sfn";
import type { Cloud } from "../../../core/cloud.ts";
import { ServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { requiredText, textOf, unlessGone } from "./properties.ts";

/** A deployment shifts at once: gradual ones need alarms and time that a stack operation does not have here. */
export const aliasProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    DeploymentPreference: { Alarms: true, Interval: true, Percentage: true, StateMachineVersionArn: true, Type: true },
    Description: true,
    Name: true,
    RoutingConfiguration: [{ StateMachineVersionArn: true, Weight: true }],
  },
  async create(properties, context) {
    const description = textOf(properties, "Description");
    const input = {
      name: textOf(properties, "Name") ?? context.physicalName(80),
      routingConfiguration: routingOf(properties),
      ...(description === undefined ? {} : { description }),
    };
    const { stateMachineAliasArn = "" } = await cloud.call("states", "CreateStateMachineAlias", input, ACCOUNT);
    return { physicalId: stateMachineAliasArn, attributes: { Arn: stateMachineAliasArn } };
  },
  async update(stateMachineAliasArn, properties, previous) {
    if (textOf(properties, "Name") !== textOf(previous, "Name")) return "replace";
    const input = {
      stateMachineAliasArn,
      description: textOf(properties, "Description") ?? "",
      routingConfiguration: routingOf(properties),
    };
    await cloud.call("states", "UpdateStateMachineAlias", input, ACCOUNT);
    return { physicalId: stateMachineAliasArn, attributes: { Arn: stateMachineAliasArn } };
  },
  async delete(stateMachineAliasArn) {
    await unlessGone(cloud.call("states", "DeleteStateMachineAlias", { stateMachineAliasArn }, ACCOUNT));
  },
});

function routingOf(properties: Properties): RoutingConfigurationListItem[] {
  const { RoutingConfiguration: routing, DeploymentPreference: preference } = properties;
  if (typeof preference === "object" && preference !== null) {
    const target = preference as Properties;
    if (target["Type"] !== undefined && target["Type"] !== "ALL_AT_ONCE") {
      throw new ServiceError(
        "ValidationError",
        "The local cloud supports deployment preferences of type ALL_AT_ONCE only.",
      );
    }
    return [{ stateMachineVersionArn: requiredText(target, "StateMachineVersionArn"), weight: 100 }];
  }
  if (!Array.isArray(routing))
    throw new ServiceError("ValidationError", "Property RoutingConfiguration cannot be empty.");
  return routing.map((item: Properties) => ({
    stateMachineVersionArn: requiredText(item, "StateMachineVersionArn"),
    weight: Number(item["Weight"]),
  }));
}
