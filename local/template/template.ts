/** A template as the stack engine reads it: sections checked, references resolved to something that is there. */
import { inside, TemplateError } from "./template-error.ts";
import { isFields, isList, type Fields, type Value } from "./value.ts";
import { referencesIn } from "./intrinsics/named-in.ts";
import { unresolved } from "./intrinsics/references.ts";
import { PSEUDO_PARAMETERS } from "./parameters/pseudo.ts";

export type DeletionPolicy = "Delete" | "Retain" | "Snapshot" | "RetainExceptOnCreate";

export interface ResourceDefinition {
  readonly type: string;
  readonly properties: Fields;
  readonly dependsOn: readonly string[];
  readonly condition: string | undefined;
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata: Fields;
}

interface OutputDefinition {
  readonly value: Value;
  readonly description: string | undefined;
  readonly condition: string | undefined;
  readonly exportName: Value | undefined;
}

export interface Template {
  readonly description: string;
  readonly metadata: Fields;
  readonly parameters: Readonly<Record<string, Fields>>;
  readonly mappings: Fields;
  readonly conditions: Fields;
  readonly resources: Readonly<Record<string, ResourceDefinition>>;
  readonly outputs: Readonly<Record<string, OutputDefinition>>;
  readonly transforms: readonly string[];
}

const SECTIONS = new Set([
  "AWSTemplateFormatVersion",
  "Description",
  "Metadata",
  "Parameters",
  "Rules",
  "Mappings",
  "Conditions",
  "Transform",
  "Hooks",
  "Resources",
  "Outputs",
]);

const RESOURCE_MEMBERS = new Set([
  "Type",
  "Properties",
  "DependsOn",
  "Condition",
  "DeletionPolicy",
  "UpdateReplacePolicy",
  "UpdatePolicy",
  "CreationPolicy",
  "Metadata",
  "Description",
]);

/** Checks the whole template, native resources only. Throws TemplateError in CloudFormation's words. */
export function readTemplate(raw: Fields): Template {
  const unknown = Object.keys(raw).filter((name) => !SECTIONS.has(name));
  if (unknown.length > 0)
    throw new TemplateError(`Template format error: Invalid template property or properties [${unknown.join(", ")}]`);
  if (raw["Rules"] !== undefined || raw["Hooks"] !== undefined)
    throw new TemplateError(
      "The sections Rules and Hooks are not supported by the local cloud",
      raw["Rules"] ? "Rules" : "Hooks",
    );
  const version = raw["AWSTemplateFormatVersion"];
  if (version !== undefined && version !== "2010-09-09")
    throw new TemplateError("Template format error: Unsupported template format version.", "AWSTemplateFormatVersion");
  const description = raw["Description"] ?? "";
  if (typeof description !== "string")
    throw new TemplateError("Template format error: Description must be a string", "Description");

  const resources = section(raw, "Resources", readResource);
  if (Object.keys(resources).length === 0)
    throw new TemplateError("Template format error: At least one Resources member must be defined.");
  const template: Template = {
    description,
    metadata: fields(raw["Metadata"], "Metadata"),
    parameters: section(raw, "Parameters", (value) => value),
    mappings: fields(raw["Mappings"], "Mappings"),
    conditions: fields(raw["Conditions"], "Conditions"),
    resources,
    outputs: section(raw, "Outputs", readOutput),
    transforms: transformsOf(raw),
  };
  checkNames(template);
  checkReferences(template);
  return template;
}

/** The declared transforms by name. Throws TemplateError for a macro. */
export function transformsOf(raw: Fields): readonly string[] {
  const declared = raw["Transform"];
  const list = declared === undefined ? [] : isList(declared) ? declared : [declared];
  return list.map((item) => {
    if (typeof item === "string" && KNOWN_TRANSFORMS.has(item)) return item;
    const name = isFields(item) ? item["Name"] : item;
    throw new TemplateError(`No transform named ${String(name)} found.`, "Transform");
  });
}

export const SAM_TRANSFORM = "AWS::Serverless-2016-10-31";
export const LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions";
const KNOWN_TRANSFORMS = new Set([SAM_TRANSFORM, LANGUAGE_EXTENSIONS]);

function readResource(value: Fields, path: string): ResourceDefinition {
  for (const name of Object.keys(value))
    if (!RESOURCE_MEMBERS.has(name)) throw new TemplateError(`Invalid template resource property '${name}'`, path);
  const { Type: type, Condition: condition, DependsOn: dependsOn = [] } = value;
  if (typeof type !== "string")
    throw new TemplateError(
      `Template format error: [/${path.replaceAll(".", "/")}] Every Resources object must contain a Type member.`,
      path,
    );
  const names = isList(dependsOn) ? dependsOn : [dependsOn];
  return {
    type,
    properties: fields(value["Properties"], inside(path, "Properties")),
    dependsOn: names.map((name) => {
      if (typeof name === "string") return name;
      throw new TemplateError(
        "Template format error: DependsOn must be a string or list of strings.",
        inside(path, "DependsOn"),
      );
    }),
    condition: conditionName(condition, path),
    deletionPolicy: policyOf(value, "DeletionPolicy", path),
    updateReplacePolicy: policyOf(value, "UpdateReplacePolicy", path),
    metadata: fields(value["Metadata"], inside(path, "Metadata")),
  };
}

function conditionName(value: Value | undefined, path: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw new TemplateError("Template format error: Every Condition member must be a string.", inside(path, "Condition"));
}

function policyOf(resource: Fields, name: "DeletionPolicy" | "UpdateReplacePolicy", path: string): DeletionPolicy {
  const value = resource[name] ?? "Delete";
  if (value === "Delete" || value === "Retain" || value === "Snapshot") return value;
  if (value === "RetainExceptOnCreate" && name === "DeletionPolicy") return value;
  throw new TemplateError(`Template error: ${name} must be one of Delete, Retain, Snapshot`, inside(path, name));
}

function readOutput(value: Fields, path: string): OutputDefinition {
  const { Value: result, Description: description, Condition: condition } = value;
  if (result === undefined || result === null)
    throw new TemplateError(`Template format error: Every Outputs member must contain a Value object`, path);
  const exported = value["Export"];
  const exportName = isFields(exported) ? exported["Name"] : undefined;
  if (exported !== undefined && exportName === undefined)
    throw new TemplateError("Template format error: Output Export must contain a Name", inside(path, "Export"));
  return {
    value: result,
    description: typeof description === "string" ? description : undefined,
    condition: conditionName(condition, path),
    exportName,
  };
}

function fields(value: Value | undefined, path: string): Fields {
  if (value === undefined || value === null) return {};
  if (isFields(value)) return value;
  throw new TemplateError(`Template format error: ${path.split(".").at(-1)} must be an object.`, path);
}

function section<T>(raw: Fields, name: string, read: (value: Fields, path: string) => T): Readonly<Record<string, T>> {
  return Object.fromEntries(
    Object.entries(fields(raw[name], name)).map(([key, value]) => {
      const path = inside(name, key);
      if (!isFields(value))
        throw new TemplateError(`Template format error: Every ${name} member must be an object.`, path);
      return [key, read(value, path)];
    }),
  );
}

function checkNames(template: Template): void {
  for (const [name, members] of Object.entries({
    Resources: template.resources,
    Parameters: template.parameters,
    Outputs: template.outputs,
  }))
    for (const id of Object.keys(members))
      if (!/^[A-Za-z0-9]+$/.test(id))
        throw new TemplateError(`Template format error: ${name} name ${id} is non alphanumeric.`, inside(name, id));
  for (const id of Object.keys(template.parameters))
    if (id in template.resources)
      throw new TemplateError(
        `Template format error: Duplicate name ${id} in Parameters and Resources`,
        inside("Parameters", id),
      );
}

/** Every name that is referred to anywhere must exist, also in branches of Fn::If that do not hold. */
function checkReferences(template: Template): void {
  const check = (value: Value, path: string, allowsResources: boolean) => {
    for (const { name, attribute, path: at } of referencesIn(value, path)) {
      const isResource = name in template.resources;
      if (isResource && allowsResources) continue;
      if (attribute === undefined && (name in template.parameters || PSEUDO_PARAMETERS.has(name))) continue;
      if (allowsResources) throw unresolved(name, at);
      throw new TemplateError(
        `Template format error: Unresolved dependencies [${name}]. Cannot reference resources in the Conditions block of the template`,
        at,
      );
    }
  };
  for (const [id, resource] of Object.entries(template.resources)) {
    const path = inside("Resources", id);
    check(resource.properties, inside(path, "Properties"), true);
    for (const name of resource.dependsOn)
      if (!(name in template.resources)) throw unresolved(name, inside(path, "DependsOn"));
    checkCondition(template, resource.condition, path);
  }
  for (const [id, output] of Object.entries(template.outputs)) {
    check(output.value, inside(inside("Outputs", id), "Value"), true);
    if (output.exportName !== undefined) check(output.exportName, inside(inside("Outputs", id), "Export.Name"), true);
    checkCondition(template, output.condition, inside("Outputs", id));
  }
  check(template.conditions, "Conditions", false);
}

function checkCondition(template: Template, name: string | undefined, path: string): void {
  if (name === undefined || name in template.conditions) return;
  throw new TemplateError(
    `Template format error: Unresolved condition dependency ${name} in the ${path.split(".")[0]} block of the template`,
    inside(path, "Condition"),
  );
}
