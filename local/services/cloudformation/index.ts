/** AWS CloudFormation: stacks and change sets over the API that the SAM CLI, the aws CLI and SDKs use. */
import * as sdk from "@aws-sdk/client-cloudformation";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { createChangeSet } from "./change-sets/create-change-set.ts";
import { describeChangeSet, listChangeSets } from "./change-sets/describe-change-set.ts";
import { deleteChangeSet, executeChangeSet } from "./change-sets/execute-change-set.ts";
import { listExports, listImports } from "./exports.ts";
import { failInterrupted } from "./interrupted.ts";
import { permissionsOf } from "./permissions.ts";
import { createStack } from "./stacks/create-stack.ts";
import { deleteStack } from "./stacks/delete-stack.ts";
import { describeStacks, listStacks } from "./stacks/describe-stacks.ts";
import { describeStackEvents } from "./stacks/stack-events.ts";
import { describeStackResource, describeStackResources, listStackResources } from "./stacks/stack-resources.ts";
import { updateStack } from "./stacks/update-stack.ts";
import { createContext } from "./store.ts";
import { getTemplate } from "./templates/get-template.ts";
import { getTemplateSummary, validateTemplate } from "./templates/template-summary.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const context = createContext(cloud);
  return {
    sdk,
    handlers: {
      CreateChangeSet: createChangeSet(context),
      CreateStack: createStack(context),
      DeleteChangeSet: deleteChangeSet(context),
      DeleteStack: deleteStack(context),
      DescribeChangeSet: describeChangeSet(context),
      DescribeStackEvents: describeStackEvents(context),
      DescribeStackResource: describeStackResource(context),
      DescribeStackResources: describeStackResources(context),
      DescribeStacks: describeStacks(context),
      ExecuteChangeSet: executeChangeSet(context),
      GetTemplate: getTemplate(context),
      GetTemplateSummary: getTemplateSummary(context),
      ListChangeSets: listChangeSets(context),
      ListExports: listExports(context),
      ListImports: listImports(context),
      ListStackResources: listStackResources(context),
      ListStacks: listStacks(context),
      UpdateStack: updateStack(context),
      ValidateTemplate: validateTemplate(context),
    },
    permissions: (operation, input) => permissionsOf(context, operation, input),
    resume: () => failInterrupted(context),
  };
}
