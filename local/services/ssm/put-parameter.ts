/** Makes a parameter or its next version. */
import type * as SDK from "@aws-sdk/client-ssm";
import type { Cloud } from "../../core/cloud.ts";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { newest, parametersOf, type Ssm, validation, type Version } from "./store.ts";

const MOST_VERSIONS = 100;
const STANDARD_BYTES = 4096;
const ADVANCED_BYTES = 8192;
const MOST_LEVELS = 15;

export const putParameter =
  (cloud: Cloud): Handler<Ssm, "PutParameter"> =>
  (input) => {
    const parameters = parametersOf(cloud);
    const name = checkedName(input.Name);
    new Constraints()
      .text("value", input.Value, { required: true, min: 1 })
      .text("type", input.Type, { oneOf: ["SecureString", "StringList", "String"] })
      .text("tier", input.Tier, { oneOf: ["Advanced", "Intelligent-Tiering", "Standard"] })
      .text("description", input.Description, { max: 1024 })
      .text("allowedPattern", input.AllowedPattern, { max: 1024 })
      .check();
    if (input.Policies !== undefined) throw validation("Parameter policies are not supported by the local cloud.");
    const existing = parameters.get(name);
    if (existing && !input.Overwrite) {
      throw new ServiceError(
        "ParameterAlreadyExists",
        "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.",
      );
    }
    if (existing && input.Tags)
      throw validation(
        "Invalid request: tags and overwrite can't be used together. To create a parameter with tags, please remove overwrite flag. To update tags for an existing parameter, please use AddTagsToResource or RemoveTagsFromResource.",
      );
    const before = existing && newest(existing);
    const type = input.Type ?? before?.type;
    if (type === undefined) throw validation("A parameter type is required when you create a parameter.");
    const version: Version = {
      number: (before?.number ?? 0) + 1,
      value: input.Value ?? "",
      type,
      modifiedAt: cloud.clock.now(),
      description: input.Description ?? before?.description,
      allowedPattern: input.AllowedPattern ?? before?.allowedPattern,
      keyId: type === "SecureString" ? (input.KeyId ?? before?.keyId ?? "alias/aws/ssm") : undefined,
      tier: tierOf(input, before),
      dataType: checkedDataType(input.DataType ?? before?.dataType ?? "text"),
    };
    checkValue(version);
    const kept = [...(existing?.versions ?? []), version].slice(-MOST_VERSIONS);
    const tags =
      existing?.tags ?? Object.fromEntries((input.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));
    parameters.set(name, { name, versions: [kept[0] ?? version, ...kept.slice(1)], tags });
    return { Version: version.number, Tier: version.tier };
  };

/** Throws ValidationException in Parameter Store's words (PutParameter: Name). */
export function checkedName(name: string | undefined): string {
  new Constraints().text("name", name, { required: true, min: 1, max: 2048 }).check();
  const given = name ?? "";
  if (/^\/?(aws|ssm)/i.test(given)) {
    throw validation(
      `Parameter name: can't be prefixed with "${/^\/?ssm/i.test(given) ? "ssm" : "aws"}" (case-insensitive). If formed as a path, it can consist of sub-paths divided by slash symbol; each sub-path can be formed as a mix of letters, numbers and the following 3 symbols .-_`,
    );
  }
  if (!/^[a-zA-Z0-9_.\-/]+$/.test(given) || given.includes("//") || given.endsWith("/")) {
    throw validation(
      "Parameter name must be a fully qualified name if it contains slashes; it can be formed as a mix of letters, numbers and the symbols .-_, with sub-paths divided by a slash.",
    );
  }
  if (given.includes("/") && !given.startsWith("/")) throw validation("Parameter name must be a fully qualified name.");
  if (given.split("/").length - 1 > MOST_LEVELS) {
    throw new ServiceError(
      "HierarchyLevelLimitExceededException",
      `A hierarchy can have a maximum of ${MOST_LEVELS} levels. For more information, see Requirements and constraints for parameter names.`,
    );
  }
  return given;
}

function tierOf(input: SDK.PutParameterCommandInput, before: Version | undefined): SDK.ParameterTier {
  if (input.Tier === "Intelligent-Tiering")
    return Buffer.byteLength(input.Value ?? "") > STANDARD_BYTES ? "Advanced" : (before?.tier ?? "Standard");
  if (input.Tier === "Standard" && before?.tier === "Advanced") {
    throw validation(
      "This parameter uses the advanced-parameter tier. You can't downgrade a parameter from the advanced-parameter tier to the standard-parameter tier.",
    );
  }
  return input.Tier ?? before?.tier ?? "Standard";
}

function checkedDataType(dataType: string): string {
  // Images and integrations would be checked against EC2, which is not here.
  if (dataType !== "text") throw validation(`The data type ${dataType} is not supported by the local cloud.`);
  return dataType;
}

function checkValue({ value, tier, allowedPattern }: Version): void {
  const limit = tier === "Advanced" ? ADVANCED_BYTES : STANDARD_BYTES;
  if (Buffer.byteLength(value) > limit) {
    throw validation(
      tier === "Advanced"
        ? `Advanced tier parameters support a maximum parameter value of ${limit} characters.`
        : `Standard tier parameters support a maximum parameter value of ${limit} characters. To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier. For more information, see https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html`,
    );
  }
  if (/\{\{.*\}\}/.test(value)) throw validation("Parameter value can't nest another parameter: {{}} is not allowed.");
  if (allowedPattern === undefined) return;
  let pattern: RegExp;
  try {
    pattern = new RegExp(allowedPattern);
  } catch {
    throw new ServiceError(
      "InvalidAllowedPatternException",
      "The request doesn't meet the regular expression requirement.",
    );
  }
  if (!pattern.test(value))
    throw new ServiceError(
      "ParameterPatternMismatchException",
      `Parameter value, cannot be validated against allowedPattern: ${allowedPattern}`,
    );
}
