/** SAM policy templates: statements with places for parameters (AWS SAM policy templates). */
import { TemplateError, type Path } from "../../template-error.ts";
import { sub, type Fields, type Value } from "../../value.ts";
import { INTELLIGENCE } from "./intelligence.ts";
import { MESSAGING } from "./messaging.ts";
import { OPERATIONS } from "./operations.ts";
import { STORAGE } from "./storage.ts";

/**
 * Resources are what follows `arn:${AWS::Partition}:`, with `@` for `${AWS::Region}:${AWS::AccountId}`; `*` and texts that
 * begin with a variable stand for themselves. `${tableName}` is the value of the parameter `TableName`.
 */
interface TemplateStatement {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly condition?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}
export type PolicyTemplates = Readonly<Record<string, readonly TemplateStatement[]>>;

const TEMPLATES: PolicyTemplates = { ...INTELLIGENCE, ...MESSAGING, ...OPERATIONS, ...STORAGE };

export const isPolicyTemplate = (name: string): boolean => Object.hasOwn(TEMPLATES, name);

/** The policy document of a template. Throws TemplateError for parameters that are missing or that it does not have. */
export function policyFromTemplate(name: string, parameters: Fields, path: Path): Fields {
  const statements = TEMPLATES[name] ?? [];
  const used = new Set<string>();
  const text = (pattern: string): Value => {
    if (pattern === "*") return pattern;
    const full = pattern.startsWith("${")
      ? pattern
      : `arn:\${AWS::Partition}:${pattern.replace("@", "${AWS::Region}:${AWS::AccountId}")}`;
    const names = [...pattern.matchAll(/\$\{(\w+)\}/g)].map((match) => match[1] ?? "");
    if (names.length === 0) return sub(full);
    return sub(full, Object.fromEntries(names.map((variable) => [variable, valueOf(variable)])));
  };
  const valueOf = (variable: string): Value => {
    const found = Object.entries(parameters).find(([parameter]) => parameter.toLowerCase() === variable.toLowerCase());
    if (!found)
      throw new TemplateError(
        `Must specify valid parameter values for policy template '${name}': ${variable} is missing`,
        path,
      );
    used.add(found[0]);
    return found[1];
  };
  const document = {
    Statement: statements.map(({ actions, resources, condition }) => ({
      Action: actions,
      Effect: "Allow",
      Resource: resources.length === 1 && resources[0] !== undefined ? text(resources[0]) : resources.map(text),
      ...(condition === undefined ? {} : { Condition: conditionOf(condition, text) }),
    })),
  };
  const unknown = Object.keys(parameters).filter((parameter) => !used.has(parameter));
  if (unknown.length > 0)
    throw new TemplateError(
      `Must specify valid parameter values for policy template '${name}': ${unknown.join(", ")} is not one of them`,
      path,
    );
  return document;
}

const conditionOf = (
  condition: NonNullable<TemplateStatement["condition"]>,
  text: (pattern: string) => Value,
): Fields =>
  Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(Object.entries(keys).map(([key, pattern]) => [key, text(pattern)])),
    ]),
  );
