import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { pageOf } from "../paging.ts";
import { stackOf, type CloudFormationModule, type Context } from "../store.ts";
import { currentResources, type CurrentResource } from "./current-resources.ts";

/** DescribeStackResources answers this many at most and has no pages. */
const MOST = 100;

export const listStackResources =
  (context: Context): Handler<CloudFormationModule, "ListStackResources"> =>
  ({ StackName: name, NextToken: token }) => {
    const stack = stackOf(context, name);
    const { items, ...next } = pageOf(currentResources(context.store, stack), ({ logicalId }) => logicalId, token);
    return {
      StackResourceSummaries: items.map((resource) => ({
        ...described(resource),
        LastUpdatedTimestamp: new Date(resource.at),
      })),
      ...next,
    };
  };

/** The resources of a stack, or of the stack to which a physical id belongs. */
export const describeStackResources =
  (context: Context): Handler<CloudFormationModule, "DescribeStackResources"> =>
  ({ StackName: name, PhysicalResourceId: physicalId, LogicalResourceId: logicalId }) => {
    const { store } = context;
    if (name !== undefined && physicalId !== undefined)
      throw new ServiceError("ValidationError", "Stack name and physical resource ID cannot both be specified.");
    if (name === undefined && physicalId === undefined)
      throw new ServiceError("ValidationError", "Stack name or physical resource ID must be specified.");
    const stack =
      physicalId === undefined
        ? stackOf(context, name)
        : store.live().find(({ resources }) => Object.values(resources).some((one) => one.physicalId === physicalId));
    if (!stack) throw new ServiceError("ValidationError", `Stack for ${physicalId} does not exist`);
    const resources = currentResources(store, stack).filter(
      (resource) => logicalId === undefined || resource.logicalId === logicalId,
    );
    return {
      StackResources: resources.slice(0, MOST).map((resource) => ({
        StackName: stack.name,
        StackId: stack.id,
        ...described(resource),
        Timestamp: new Date(resource.at),
      })),
    };
  };

export const describeStackResource =
  (context: Context): Handler<CloudFormationModule, "DescribeStackResource"> =>
  ({ StackName: name, LogicalResourceId: logicalId }) => {
    const stack = stackOf(
      context,
      name,
      (unknown) => new ServiceError("ValidationError", `Stack '${unknown}' does not exist`),
    );
    const resource = currentResources(context.store, stack).find((one) => one.logicalId === logicalId);
    if (!resource)
      throw new ServiceError("ValidationError", `Resource ${logicalId} does not exist for stack ${stack.name}`);
    return {
      StackResourceDetail: {
        StackName: stack.name,
        StackId: stack.id,
        ...described(resource),
        LastUpdatedTimestamp: new Date(resource.at),
        Metadata: JSON.stringify(resource.metadata),
      },
    };
  };

const described = (resource: CurrentResource) => ({
  LogicalResourceId: resource.logicalId,
  ...(resource.physicalId === "" ? {} : { PhysicalResourceId: resource.physicalId }),
  ResourceType: resource.type,
  ResourceStatus: resource.status,
  ...(resource.reason === undefined ? {} : { ResourceStatusReason: resource.reason }),
  DriftInformation: { StackResourceDriftStatus: "NOT_CHECKED" as const },
});
