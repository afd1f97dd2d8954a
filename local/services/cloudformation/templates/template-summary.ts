import type * as SDK from "@aws-sdk/client-cloudformation";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { neededCapabilities } from "../../../template/engine/capabilities.ts";
import { loadTemplate } from "../../../template/load.ts";
import { defaultOf } from "../../../template/parameters/parameters.ts";
import { TemplateError } from "../../../template/template-error.ts";
import { transformsOf } from "../../../template/template.ts";
import { isFields, isList, type Fields, type Value } from "../../../template/value.ts";
import { parseTemplate } from "../../../template/yaml/parse-template.ts";
import { stackOf, type CloudFormationModule, type Context } from "../store.ts";
import { refuse } from "../unsupported.ts";
import { templateSource } from "./template-source.ts";

export const validateTemplate =
  (context: Context): Handler<CloudFormationModule, "ValidateTemplate"> =>
  async (input, { principal }) => {
    const { body } = await templateSource(context, input, undefined, principal);
    const { parameters, description, ...needs } = read(body);
    return {
      ...description,
      ...needs.answer,
      Parameters: parameters.map(([key, definition, defaultValue]) => ({
        ParameterKey: key,
        ...defaultValue,
        ...noEchoAndDescription(definition),
      })),
    };
  };

export const getTemplateSummary =
  (context: Context): Handler<CloudFormationModule, "GetTemplateSummary"> =>
  async (input, { principal }) => {
    refuse(input, ["StackSetName", "TemplateSummaryConfig"]);
    const stack = input.StackName === undefined ? undefined : stackOf(context, input.StackName);
    if (stack && (input.TemplateBody !== undefined || input.TemplateURL !== undefined))
      throw new ServiceError("ValidationError", "Either a stack or a template must be specified, not both.");
    const body = stack?.body ?? (await templateSource(context, input, undefined, principal)).body;
    const { parameters, description, answer, raw, types } = read(body);
    return {
      ...description,
      ...answer,
      Parameters: parameters.map(([key, definition, defaultValue]) => ({
        ParameterKey: key,
        ...defaultValue,
        ParameterType: String(definition["Type"] ?? "String"),
        ...noEchoAndDescription(definition),
        ParameterConstraints: isList(definition["AllowedValues"])
          ? { AllowedValues: definition["AllowedValues"].map(String) }
          : {},
      })),
      ResourceTypes: [...types],
      ...(raw["AWSTemplateFormatVersion"] === undefined ? {} : { Version: String(raw["AWSTemplateFormatVersion"]) }),
      ...(raw["Metadata"] === undefined ? {} : { Metadata: JSON.stringify(raw["Metadata"]) }),
    };
  };

/**
 * What a template says of itself, before any transform: local paths and S3 objects that a transform would read need not be there.
 * Throws TemplateError for what is wrong with it.
 */
function read(body: string) {
  const raw = parseTemplate(body);
  const transforms = transformsOf(raw);
  if (transforms.length === 0) loadTemplate(body, { folder: undefined, parameters: {} });
  const resources = Object.fromEntries(
    Object.entries(fieldsOf(raw["Resources"])).map(([id, resource]) => {
      const { Type: type, Properties: properties } = fieldsOf(resource);
      return [id, { type: typeof type === "string" ? type : "", properties: fieldsOf(properties) }];
    }),
  );
  if (Object.keys(resources).length === 0)
    throw new TemplateError("Template format error: At least one Resources member must be defined.");
  const { capabilities, because } = neededCapabilities(resources, transforms);
  const definitions = Object.fromEntries(
    Object.entries(fieldsOf(raw["Parameters"])).map(([key, definition]) => [key, fieldsOf(definition)]),
  );
  const description = raw["Description"];
  return {
    raw,
    types: new Set(Object.values(resources).map(({ type }) => type)),
    description: typeof description === "string" ? { Description: description } : {},
    parameters: Object.entries(definitions).map(([key, definition]) => {
      const value = defaultOf(definitions, key);
      return [key, definition, value === undefined ? {} : { DefaultValue: value }] as const;
    }),
    answer: {
      ...(capabilities.length === 0
        ? {}
        : {
            Capabilities: capabilities as SDK.Capability[], // all three are of the SDK's enumeration
            CapabilitiesReason: `The following resource(s) require capabilities: [${because.join(", ")}]`,
          }),
      ...(transforms.length === 0 ? {} : { DeclaredTransforms: [...transforms] }),
    },
  };
}

const fieldsOf = (value: Value | undefined): Fields => (isFields(value) ? value : {});

const noEchoAndDescription = (definition: Fields) => ({
  NoEcho: String(definition["NoEcho"] ?? "false") === "true",
  ...(typeof definition["Description"] === "string" ? { Description: definition["Description"] } : {}),
});
