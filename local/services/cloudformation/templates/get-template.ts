import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { loadTemplate } from "../../../template/load.ts";
import { changeSetOf } from "../change-sets/find-change-set.ts";
import { stackOf, type CloudFormationModule, type Context } from "../store.ts";

interface Deployed {
  readonly body: string;
  readonly folder: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

/** As it was given, or (the default) after its transforms, as JSON. */
export const getTemplate =
  (context: Context): Handler<CloudFormationModule, "GetTemplate"> =>
  ({ StackName: name, ChangeSetName: changeSetName, TemplateStage: stage = "Processed" }) => {
    if (stage !== "Original" && stage !== "Processed")
      throw new ServiceError(
        "ValidationError",
        `1 validation error detected: Value '${stage}' at 'templateStage' failed to satisfy constraint: Member must satisfy enum value set: [Original, Processed]`,
      );
    const { body, folder, parameters } =
      changeSetName === undefined ? ofStack(context, name) : ofChangeSet(context, changeSetName, name);
    const answer = { StagesAvailable: ["Original" as const, "Processed" as const] };
    if (stage === "Original") return { TemplateBody: body, ...answer };
    const { processed, transforms } = loadTemplate(body, { folder, parameters });
    return { TemplateBody: transforms.length === 0 ? body : JSON.stringify(processed), ...answer };
  };

function ofStack(context: Context, name: string | undefined): Deployed {
  const { body, folder, parameters, status } = stackOf(context, name);
  if (status === "REVIEW_IN_PROGRESS")
    throw new ServiceError(
      "ValidationError",
      `Template for stack ${name} does not exist yet: it has only change sets.`,
    );
  return {
    body,
    folder,
    parameters: Object.fromEntries(Object.entries(parameters).map(([key, { text }]) => [key, text])),
  };
}

function ofChangeSet(context: Context, changeSetName: string, stackName: string | undefined): Deployed {
  const { input } = changeSetOf(context, changeSetName, stackName);
  return { body: input.body ?? "", folder: input.folder, parameters: input.parameters ?? {} };
}
