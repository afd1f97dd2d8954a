/** What a value refers to: the other resources that it needs first. */
import { inside, type Path } from "../template-error.ts";
import { isFields, isList, valueFunction, type Value } from "../value.ts";
import { attributeOf } from "./references.ts";
import { parseSub } from "./sub-text.ts";
import { subArguments } from "./substitute.ts";

export interface Reference {
  readonly name: string;
  /** Set for Fn::GetAtt, when it is a plain text. */
  readonly attribute?: string;
  readonly path: Path;
}

/** Every Ref, Fn::GetAtt and variable of Fn::Sub within a value. Throws TemplateError for malformed ones. */
export function referencesIn(value: Value, path: Path): readonly Reference[] {
  const call = valueFunction(value);
  if (call?.name === "Ref" && typeof call.argument === "string") return [{ name: call.argument, path }];
  if (call?.name === "Fn::GetAtt") {
    const [name, attribute] = attributeOf(call.argument, path);
    return [
      { name, path, ...(typeof attribute === "string" ? { attribute } : {}) },
      ...(typeof attribute === "string" ? [] : referencesIn(attribute, path)),
    ];
  }
  if (call?.name === "Fn::Sub") {
    const [text, variables] = subArguments(call.argument, path);
    const named = parseSub(text, path).flatMap((part): Reference[] => {
      if (!("variable" in part) || part.variable in variables) return [];
      const [name = "", ...attribute] = part.variable.split(".");
      return [{ name, path, ...(attribute.length > 0 ? { attribute: attribute.join(".") } : {}) }];
    });
    return [...named, ...referencesIn(variables, path)];
  }
  if (isList(value)) return value.flatMap((item, index) => referencesIn(item, inside(path, index)));
  if (isFields(value))
    return Object.entries(value).flatMap(([name, member]) => referencesIn(member, call ? path : inside(path, name)));
  return [];
}
