/** What a stack is to become, from the input of CreateStack, UpdateStack and CreateChangeSet. */
import type * as SDK from "@aws-sdk/client-cloudformation";
import { ServiceError } from "../../../core/errors.ts";
import type { Principal } from "../../../core/principal.ts";
import type { StackRecord } from "../../../template/engine/state/record.ts";
import type { DeployInput } from "../../../template/stacks.ts";
import { Constraints } from "../../constraints.ts";
import type { Context } from "../store.ts";
import { templateSource } from "../templates/template-source.ts";

const CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM", "CAPABILITY_AUTO_EXPAND"];

interface StackInput {
  readonly StackName?: string | undefined;
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
  readonly Parameters?: readonly SDK.Parameter[] | undefined;
  readonly Capabilities?: readonly string[] | undefined;
  readonly Tags?: readonly SDK.Tag[] | undefined;
}

/** Throws ValidationError for what cannot be read. Whether template and parameters fit is for the stacks to say. */
export async function deployInput(
  context: Context,
  name: string,
  input: StackInput,
  former: StackRecord | undefined,
  as: Principal,
): Promise<DeployInput> {
  checkMembers(input);
  const source = await templateSource(context, input, former, as);
  const parameters: Record<string, string> = {};
  const keepParameters: string[] = [];
  for (const parameter of input.Parameters ?? []) {
    const { ParameterKey: key = "", ParameterValue: value, UsePreviousValue: keeps = false } = parameter;
    if (keeps && value !== undefined)
      throw new ServiceError(
        "ValidationError",
        `Invalid input for parameter key ${key}. Cannot specify usePreviousValue as true and a value at the same time`,
      );
    if (keeps) keepParameters.push(key);
    else if (value !== undefined) parameters[key] = value;
    else
      throw new ServiceError(
        "ValidationError",
        `Invalid input for parameter key ${key}. Need to specify either usePreviousValue as true or value for a parameter key`,
      );
  }
  return {
    name,
    ...source,
    parameters,
    keepParameters,
    // Without tags an update keeps those of the stack (UpdateStack).
    ...(input.Tags ? { tags: Object.fromEntries(input.Tags.map(({ Key = "", Value = "" }) => [Key, Value])) } : {}),
    capabilities: [...(input.Capabilities ?? [])],
  };
}

function checkMembers({ Capabilities: capabilities = [], Tags: tags = [], Parameters: parameters }: StackInput): void {
  const constraints = new Constraints("ValidationError");
  for (const [index, capability] of capabilities.entries())
    constraints.text(`capabilities.${index + 1}.member`, capability, { oneOf: CAPABILITIES });
  constraints.list("tags", tags, { max: 50 }).list("parameters", parameters, {});
  for (const [index, { Key, Value }] of tags.entries())
    constraints
      .text(`tags.${index + 1}.member.key`, Key, { required: true, min: 1, max: 128 })
      .text(`tags.${index + 1}.member.value`, Value, { required: true, max: 256 });
  constraints.check();
  const keys = tags.map(({ Key }) => Key);
  const reserved = keys.find((key) => key?.startsWith("aws:"));
  if (reserved !== undefined)
    throw new ServiceError("ValidationError", "aws: prefixed tag key names are not allowed for external use.");
  const twice = keys.find((key, index) => keys.indexOf(key) !== index);
  if (twice !== undefined) throw new ServiceError("ValidationError", `Duplicate tag keys found: ${twice}`);
}

/** Throws ValidationError unless the name could be that of a new stack. */
export function checkStackName(name: string | undefined): string {
  const pattern = { pattern: /^[a-zA-Z][-a-zA-Z0-9]*$/, patternText: "[a-zA-Z][-a-zA-Z0-9]*" };
  new Constraints("ValidationError").text("stackName", name, { required: true, min: 1, max: 128, ...pattern }).check();
  return name ?? "";
}
