import type { Handler } from "../../../core/service.ts";
import { pageOf } from "../paging.ts";
import { noStack, stackOf, type CloudFormationModule, type Context } from "../store.ts";

/** The newest first. */
export const describeStackEvents =
  (context: Context): Handler<CloudFormationModule, "DescribeStackEvents"> =>
  ({ StackName: name, NextToken: token }) => {
    const stack = stackOf(context, name, noStack);
    const { items, ...next } = pageOf(context.store.events(stack.id).toReversed(), (event) => event.eventId, token);
    return {
      StackEvents: items.map((event) => ({
        StackId: event.stackId,
        EventId: event.eventId,
        StackName: event.stackName,
        LogicalResourceId: event.logicalId,
        PhysicalResourceId: event.physicalId,
        ResourceType: event.type,
        Timestamp: new Date(event.at),
        // Statuses of stacks too: SDKs take any text.
        ResourceStatus: event.status as "CREATE_COMPLETE",
        ...(event.reason === undefined ? {} : { ResourceStatusReason: event.reason }),
      })),
      ...next,
    };
  };
