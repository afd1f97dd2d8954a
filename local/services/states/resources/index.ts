/** The CloudFormation resource types of Step Functions. */
import type { Cloud } from "../../../core/cloud.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { activityProvider } from "./activity.ts";
import { aliasProvider } from "./alias.ts";
import { stateMachineProvider } from "./state-machine.ts";
import { versionProvider } from "./version.ts";

export const resourcesOf = (cloud: Cloud): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::StepFunctions::Activity": activityProvider(cloud),
  "AWS::StepFunctions::StateMachine": stateMachineProvider(cloud),
  "AWS::StepFunctions::StateMachineAlias": aliasProvider(cloud),
  "AWS::StepFunctions::StateMachineVersion": versionProvider(cloud),
});
