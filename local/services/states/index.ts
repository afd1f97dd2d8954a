/** AWS Step Functions. */
import * as sdk from "@aws-sdk/client-sfn";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import {
  describeExecution,
  describeStateMachineForExecution,
  listExecutions,
  stopExecution,
} from "./executions/describe-execution.ts";
import { getExecutionHistory } from "./executions/get-execution-history.ts";
import { redriveExecution } from "./executions/redrive-execution.ts";
import { startExecution, startSyncExecution } from "./executions/start-execution.ts";
import {
  createStateMachineAlias,
  deleteStateMachineAlias,
  describeStateMachineAlias,
  listStateMachineAliases,
  updateStateMachineAlias,
} from "./machines/aliases.ts";
import { createStateMachine } from "./machines/create-state-machine.ts";
import {
  deleteStateMachine,
  describeStateMachine,
  listStateMachines,
  validateStateMachineDefinition,
} from "./machines/describe-state-machine.ts";
import { updateStateMachine } from "./machines/update-state-machine.ts";
import {
  deleteStateMachineVersion,
  listStateMachineVersions,
  publishStateMachineVersion,
} from "./machines/versions.ts";
import { describeMapRun, listMapRuns, updateMapRun } from "./map-runs/operations.ts";
import { testState } from "./executions/test-state.ts";
import { permissionsOf } from "./permissions.ts";
import { resourcesOf } from "./resources/index.ts";
import { Services } from "./services.ts";
import { listTagsForResource, tagResource, untagResource } from "./tags.ts";
import {
  createActivity,
  deleteActivity,
  describeActivity,
  getActivityTask,
  listActivities,
} from "./tasks/activities.ts";
import { sendTaskFailure, sendTaskHeartbeat, sendTaskSuccess } from "./tasks/send-task.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const services = new Services(cloud);
  const { store, tokens, activities } = services;
  return {
    sdk,
    handlers: {
      CreateActivity: createActivity(store),
      CreateStateMachine: createStateMachine(store),
      CreateStateMachineAlias: createStateMachineAlias(store),
      DeleteActivity: deleteActivity(store),
      DeleteStateMachine: deleteStateMachine(store),
      DeleteStateMachineAlias: deleteStateMachineAlias(store),
      DeleteStateMachineVersion: deleteStateMachineVersion(store),
      DescribeActivity: describeActivity(store),
      DescribeExecution: describeExecution(store),
      DescribeMapRun: describeMapRun(store),
      DescribeStateMachine: describeStateMachine(store),
      DescribeStateMachineAlias: describeStateMachineAlias(store),
      DescribeStateMachineForExecution: describeStateMachineForExecution(store),
      GetActivityTask: getActivityTask(store, activities),
      GetExecutionHistory: getExecutionHistory(store),
      ListActivities: listActivities(store),
      ListExecutions: listExecutions(store),
      ListMapRuns: listMapRuns(store),
      ListStateMachineAliases: listStateMachineAliases(store),
      ListStateMachines: listStateMachines(store),
      ListStateMachineVersions: listStateMachineVersions(store),
      ListTagsForResource: listTagsForResource(store),
      PublishStateMachineVersion: publishStateMachineVersion(store),
      RedriveExecution: redriveExecution(services),
      SendTaskFailure: sendTaskFailure(tokens),
      SendTaskHeartbeat: sendTaskHeartbeat(tokens),
      SendTaskSuccess: sendTaskSuccess(tokens),
      StartExecution: startExecution(services),
      StartSyncExecution: startSyncExecution(services),
      StopExecution: stopExecution(services),
      TagResource: tagResource(store),
      TestState: testState(services),
      UntagResource: untagResource(store),
      UpdateMapRun: updateMapRun(store),
      UpdateStateMachine: updateStateMachine(store),
      UpdateStateMachineAlias: updateStateMachineAlias(store),
      ValidateStateMachineDefinition: validateStateMachineDefinition(),
    },
    permissions: (operation, input) => permissionsOf(operation, input, (resource) => cloud.arn("states", resource)),
    resources: resourcesOf(cloud),
    resume: () => services.resume(),
    stop: () => services.stop(),
  };
}
