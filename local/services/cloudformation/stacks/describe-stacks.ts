import type * as SDK from "@aws-sdk/client-cloudformation";
import type { Handler } from "../../../core/service.ts";
import type { StackRecord } from "../../../template/engine/state/record.ts";
import { pageOf } from "../paging.ts";
import { stackOf, type CloudFormationModule, type Context } from "../store.ts";

/** One stack, deleted ones by id; or all live ones, the newest first. */
export const describeStacks =
  (context: Context): Handler<CloudFormationModule, "DescribeStacks"> =>
  ({ StackName: name, NextToken: token }) => {
    if (name !== undefined) return { Stacks: [described(context, stackOf(context, name))] };
    const { items, ...next } = pageOf(newestFirst(context.store.live()), (stack) => stack.id, token);
    return { Stacks: items.map((stack) => described(context, stack)), ...next };
  };

export const listStacks =
  ({ store }: Context): Handler<CloudFormationModule, "ListStacks"> =>
  ({ StackStatusFilter: wanted = [], NextToken: token }) => {
    const statuses: ReadonlySet<string> = new Set(wanted);
    const stacks = newestFirst(store.all()).filter(({ status }) => statuses.size === 0 || statuses.has(status));
    const { items, ...next } = pageOf(stacks, (stack) => stack.id, token);
    return {
      StackSummaries: items.map((stack) => ({
        ...identity(stack),
        ...(stack.description === "" ? {} : { TemplateDescription: stack.description }),
      })),
      ...next,
    };
  };

const newestFirst = (stacks: readonly StackRecord[]): readonly StackRecord[] =>
  [...stacks].reverse().sort((a, b) => b.createdAt - a.createdAt);

const identity = (stack: StackRecord) =>
  ({
    StackId: stack.id,
    StackName: stack.name,
    CreationTime: new Date(stack.createdAt),
    ...(stack.updatedAt === undefined ? {} : { LastUpdatedTime: new Date(stack.updatedAt) }),
    ...(stack.deletedAt === undefined ? {} : { DeletionTime: new Date(stack.deletedAt) }),
    StackStatus: stack.status,
    ...(stack.statusReason === undefined ? {} : { StackStatusReason: stack.statusReason }),
    DriftInformation: { StackDriftStatus: "NOT_CHECKED" },
  }) satisfies Partial<SDK.StackSummary>;

function described({ changeSets }: Context, stack: StackRecord): SDK.Stack {
  const executed = [...changeSets.values()].findLast(
    ({ stackId, executionStatus }) => stackId === stack.id && executionStatus.startsWith("EXECUTE"),
  );
  return {
    ...identity(stack),
    ...(executed ? { ChangeSetId: executed.id } : {}),
    ...(stack.description === "" ? {} : { Description: stack.description }),
    Parameters: Object.entries(stack.parameters).map(([key, { text, noEcho, resolved }]) => ({
      ParameterKey: key,
      ParameterValue: noEcho ? "****" : text,
      ...(resolved === undefined ? {} : { ResolvedValue: resolved }),
    })),
    RollbackConfiguration: {},
    DisableRollback: false,
    NotificationARNs: [],
    Capabilities: stack.capabilities as SDK.Capability[], // checked when they were given
    Outputs: Object.entries(stack.outputs).map(([key, { value, description, exportName }]) => ({
      OutputKey: key,
      OutputValue: value,
      ...(description === undefined ? {} : { Description: description }),
      ...(exportName === undefined ? {} : { ExportName: exportName }),
    })),
    Tags: Object.entries(stack.tags).map(([Key, Value]) => ({ Key, Value })),
    EnableTerminationProtection: false,
  };
}
