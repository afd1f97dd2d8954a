/** Ref and Fn::GetAtt. */
import { TemplateError, type Path } from "../template-error.ts";
import { isList, type Value } from "../value.ts";
import { splitAttribute } from "../yaml/tags.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

export function reference(argument: Value, scope: Scope, path: Path): Value {
  if (typeof argument !== "string")
    throw new TemplateError("Template error: every Ref object must have a single String value.", path);
  const value = scope.parameter(argument) ?? scope.resourceId(argument, path);
  if (value === undefined) throw unresolved(argument, path);
  return value;
}

export function getAttribute(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const [logicalId, attribute] = attributeOf(argument, path);
  // With AWS::LanguageExtensions the attribute may itself be a function.
  const name = typeof attribute === "string" ? attribute : String(evaluate(attribute, scope, path));
  const value = scope.attribute(logicalId, name, path);
  if (value === undefined) throw unresolved(logicalId, path);
  return value;
}

/** Both forms: `Queue.Arn` and `[Queue, Arn]`. */
export function attributeOf(argument: Value, path: Path): readonly [string, Value] {
  const parts = typeof argument === "string" ? splitAttribute(argument) : argument;
  if (isList(parts) && parts.length >= 2 && parts.every((part) => part !== "")) {
    const [logicalId, attribute, ...rest] = parts;
    if (typeof logicalId === "string" && attribute !== undefined)
      return [logicalId, rest.length === 0 ? attribute : [attribute, ...rest].join(".")];
  }
  throw new TemplateError(
    "Template error: every Fn::GetAtt object requires two non-empty parameters, the resource name and the resource attribute",
    path,
  );
}

export const unresolved = (name: string, path: Path): TemplateError =>
  new TemplateError(
    `Template format error: Unresolved resource dependencies [${name}] in the ${path.split(".")[0] ?? "Resources"} block of the template`,
    path,
  );
