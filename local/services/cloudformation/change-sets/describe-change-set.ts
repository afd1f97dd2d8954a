import type * as SDK from "@aws-sdk/client-cloudformation";
import type { Handler } from "../../../core/service.ts";
import type { PlannedChange } from "../../../template/stacks.ts";
import { pageOf } from "../paging.ts";
import { noStack, stackOf, type ChangeSet, type CloudFormationModule, type Context } from "../store.ts";
import { refuse } from "../unsupported.ts";
import { changeSetOf } from "./find-change-set.ts";

export const describeChangeSet =
  (context: Context): Handler<CloudFormationModule, "DescribeChangeSet"> =>
  (input) => {
    refuse(input, ["IncludePropertyValues"]);
    const changeSet = changeSetOf(context, input.ChangeSetName, input.StackName);
    const { items, ...next } = pageOf(changeSet.changes, ({ logicalId }) => logicalId, input.NextToken);
    const { tags = {}, capabilities = [] } = changeSet.input;
    return {
      ...summary(changeSet),
      Parameters: Object.entries(changeSet.parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      NotificationARNs: [],
      RollbackConfiguration: {},
      Capabilities: capabilities as SDK.Capability[], // checked when they were given
      Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      Changes: items.map((change) => ({ Type: "Resource", ResourceChange: resourceChange(change) })),
      ...next,
    };
  };

export const listChangeSets =
  (context: Context): Handler<CloudFormationModule, "ListChangeSets"> =>
  ({ StackName: name, NextToken: token }) => {
    const stack = stackOf(context, name, noStack);
    // Those that were executed are no longer listed (ListChangeSets: active change sets).
    const ofStack = [...context.changeSets.values()].filter(
      ({ stackId, executionStatus }) => stackId === stack.id && !executionStatus.startsWith("EXECUTE_COMPLETE"),
    );
    const { items, ...next } = pageOf(ofStack, ({ id }) => id, token);
    return { Summaries: items.map(summary), ...next };
  };

const summary = (changeSet: ChangeSet) => ({
  ChangeSetId: changeSet.id,
  ChangeSetName: changeSet.name,
  StackId: changeSet.stackId,
  StackName: changeSet.stackName,
  ...(changeSet.description === undefined ? {} : { Description: changeSet.description }),
  CreationTime: new Date(changeSet.createdAt),
  ExecutionStatus: changeSet.executionStatus,
  Status: changeSet.status,
  ...(changeSet.statusReason === undefined ? {} : { StatusReason: changeSet.statusReason }),
  IncludeNestedStacks: false,
});

function resourceChange(change: PlannedChange): SDK.ResourceChange {
  const { action, logicalId, physicalId, type, replacement, attributes, properties } = change;
  return {
    Action: action,
    LogicalResourceId: logicalId,
    ...(physicalId === undefined ? {} : { PhysicalResourceId: physicalId }),
    ResourceType: type,
    ...(replacement === undefined ? {} : { Replacement: replacement }),
    Scope: [...attributes],
    Details: [
      ...properties.map(({ name, isDynamic }): SDK.ResourceChangeDetail => ({
        Target: {
          Attribute: "Properties",
          Name: name,
          RequiresRecreation:
            replacement === "True" ? "Always" : replacement === "Conditional" ? "Conditionally" : "Never",
        },
        Evaluation: isDynamic ? "Dynamic" : "Static",
        ChangeSource: isDynamic ? "ResourceReference" : "DirectModification",
      })),
      ...attributes
        .filter((attribute) => attribute !== "Properties")
        .map((attribute): SDK.ResourceChangeDetail => ({
          Target: { Attribute: attribute, RequiresRecreation: "Never" },
          Evaluation: "Static",
          ChangeSource: "DirectModification",
        })),
    ],
  };
}
