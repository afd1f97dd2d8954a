/** AWS::StepFunctions::StateMachineVersion. */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { requiredText, textOf, unlessGone } from "./properties.ts";

/** Every change publishes another version: there is no update. */
export const versionProvider = (cloud: Cloud): ResourceProvider => ({
  known: { Description: true, StateMachineArn: true, StateMachineRevisionId: true },
  async create(properties) {
    const description = textOf(properties, "Description");
    const revisionId = textOf(properties, "StateMachineRevisionId");
    const { stateMachineVersionArn = "" } = await cloud.call(
      "states",
      "PublishStateMachineVersion",
      {
        stateMachineArn: requiredText(properties, "StateMachineArn"),
        ...(description === undefined ? {} : { description }),
        ...(revisionId === undefined ? {} : { revisionId }),
      },
      ACCOUNT,
    );
    return { physicalId: stateMachineVersionArn, attributes: { Arn: stateMachineVersionArn } };
  },
  async delete(stateMachineVersionArn) {
    await unlessGone(cloud.call("states", "DeleteStateMachineVersion", { stateMachineVersionArn }, ACCOUNT));
  },
});
