/** AWS::StepFunctions::Activity. */
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { ResourceProvider } from "../../../core/service.ts";
import { tagsOf, textOf, unlessGone } from "./properties.ts";

export const activityProvider = (cloud: Cloud): ResourceProvider => ({
  known: { Name: true, Tags: [{ Key: true, Value: true }] },
  async create(properties, context) {
    const name = textOf(properties, "Name") ?? context.physicalName(80);
    const { activityArn = "" } = await cloud.call(
      "states",
      "CreateActivity",
      { name, tags: tagsOf(properties, context) },
      ACCOUNT,
    );
    return { physicalId: activityArn, attributes: { Arn: activityArn, Name: name } };
  },
  async delete(activityArn) {
    await unlessGone(cloud.call("states", "DeleteActivity", { activityArn }, ACCOUNT));
  },
});
