/** The values of a stack's parameters: given or default, checked against the template's constraints. */
import { inside, TemplateError } from "../template-error.ts";
import { isFields, isList, isScalar, type Fields, type Value } from "../value.ts";
import { checkConstraints } from "./constraints.ts";

export interface Parameter {
  /** As it was given: what DescribeStacks shows. */
  readonly text: string;
  /** What `!Ref` answers: a list for list types, the stored value for SSM types. */
  readonly value: Value;
  readonly noEcho: boolean;
  /** For SSM types, the value behind the name. */
  readonly resolved?: string;
}

/** The value of a parameter of the SSM Parameter Store; undefined when there is none. */
export type ReadSsmParameter = (name: string) => Promise<string | undefined>;

export async function resolveParameters(
  definitions: Readonly<Record<string, Fields>>,
  given: Readonly<Record<string, string>>,
  readSsm: ReadSsmParameter,
): Promise<Readonly<Record<string, Parameter>>> {
  const unknown = Object.keys(given).filter((name) => !(name in definitions));
  if (unknown.length > 0) throw new TemplateError(`Parameters: [${unknown.join(", ")}] do not exist in the template`);
  const missing = Object.keys(definitions).filter(
    (name) => given[name] === undefined && defaultOf(definitions, name) === undefined,
  );
  if (missing.length > 0) throw new TemplateError(`Parameters: [${missing.join(", ")}] must have values`);

  const resolved: Record<string, Parameter> = {};
  for (const [name, definition] of Object.entries(definitions)) {
    const text = given[name] ?? defaultOf(definitions, name) ?? "";
    resolved[name] = await resolveParameter(name, definition, text, readSsm);
  }
  return resolved;
}

/** The default as text: `Default: 5` and `Default: "5"` are the same. */
export function defaultOf(definitions: Readonly<Record<string, Fields>>, name: string): string | undefined {
  const value = definitions[name]?.["Default"];
  if (value === undefined || value === null) return undefined;
  if (isList(value)) return value.map(String).join(",");
  if (isScalar(value)) return String(value);
  throw new TemplateError(
    "Template format error: Every Default member must be a string.",
    inside(inside("Parameters", name), "Default"),
  );
}

async function resolveParameter(
  name: string,
  definition: Fields,
  text: string,
  readSsm: ReadSsmParameter,
): Promise<Parameter> {
  const path = inside("Parameters", name);
  const type = definition["Type"];
  if (typeof type !== "string")
    throw new TemplateError(`Template format error: Every Parameters object must contain a Type member.`, path);
  checkMembers(definition, path);
  const noEcho = String(definition["NoEcho"] ?? "false") === "true";
  checkConstraints(name, definition, type, text);

  const stored = /^AWS::SSM::Parameter::Value<(.+)>$/.exec(type);
  if (stored) {
    const found = await readSsm(text);
    if (found === undefined)
      throw new TemplateError(`Unable to fetch parameters [${text}] from parameter store for this account.`, path);
    return { text, noEcho, value: valueOf(stored[1] ?? "String", found), resolved: found };
  }
  return { text, noEcho, value: valueOf(type, text) };
}

function valueOf(type: string, text: string): Value {
  if (type !== "CommaDelimitedList" && !type.startsWith("List<")) return text;
  return text === "" ? [] : text.split(",").map((item) => item.trim());
}

const MEMBERS = new Set([
  "AllowedPattern",
  "AllowedValues",
  "ConstraintDescription",
  "Default",
  "Description",
  "MaxLength",
  "MaxValue",
  "MinLength",
  "MinValue",
  "NoEcho",
  "Type",
]);

function checkMembers(definition: Fields, path: string): void {
  for (const [member, value] of Object.entries(definition)) {
    if (!MEMBERS.has(member)) throw new TemplateError(`Invalid template parameter property '${member}'`, path);
    if (isFields(value))
      throw new TemplateError(`Template format error: Every ${member} member must be a string.`, inside(path, member));
  }
}
