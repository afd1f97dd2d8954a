/** Functions over strings and lists: Join, Split, Select, Base64, GetAZs, Length, ToJsonString. */
import { TemplateError, type Path } from "../template-error.ts";
import { isList, isScalar, type Value } from "../value.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

export function join(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const [delimiter, list] = isList(argument) && argument.length === 2 ? argument : [];
  const items = list === undefined ? undefined : evaluate(list, scope, path);
  if (typeof delimiter !== "string" || !isList(items) || !items.every(isScalar))
    throw new TemplateError(
      "Template error: every Fn::Join object requires two parameters, (1) a string delimiter and (2) a list of strings to be joined or a function that returns a list of strings (such as Fn::GetAZs) to be joined.",
      path,
    );
  return items.map(String).join(delimiter);
}

export function split(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const [delimiter, source] = isList(argument) && argument.length === 2 ? argument : [];
  const text = source === undefined ? undefined : evaluate(source, scope, path);
  if (typeof delimiter !== "string" || delimiter === "" || !isScalar(text))
    throw new TemplateError(
      "Template error: every Fn::Split object requires two parameters, (1) a string delimiter and (2) a string to be split or a function that returns a string to be split.",
      path,
    );
  return String(text).split(delimiter);
}

export function select(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const [given, source] = isList(argument) && argument.length === 2 ? argument : [];
  if (given === undefined || source === undefined)
    throw new TemplateError(
      "Template error: Fn::Select requires a list argument with two elements: an integer index and a list",
      path,
    );
  const index = evaluate(given, scope, path);
  const list = evaluate(source, scope, path);
  if (!/^\d+$/.test(String(index)) || !isList(list))
    throw new TemplateError("Template error: Fn::Select requires a list argument with a valid index value", path);
  const value = list[Number(index)];
  if (value === undefined || value === null)
    throw new TemplateError(
      `Template error: Fn::Select cannot select nonexistent value at index ${String(index)}`,
      path,
    );
  return value;
}

export function base64(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const text = evaluate(argument, scope, path);
  if (!isScalar(text))
    throw new TemplateError("Template error: every Fn::Base64 object must have a String-typed value.", path);
  return Buffer.from(String(text)).toString("base64");
}

/** Three zones, as most regions have. */
export function availabilityZones(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const region = evaluate(argument, scope, path);
  if (typeof region !== "string")
    throw new TemplateError("Template error: Fn::GetAZs requires a single string argument, the name of a region", path);
  return ["a", "b", "c"].map((zone) => `${region === "" ? scope.region : region}${zone}`);
}

export function length(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const list = evaluate(argument, scope, path);
  if (!isList(list))
    throw new TemplateError(
      "Template error: Fn::Length object requires a list or a function that returns a list",
      path,
    );
  return list.length;
}

export function toJsonString(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const value = evaluate(argument, scope, path);
  if (typeof value !== "object" || value === null)
    throw new TemplateError("Template error: Fn::ToJsonString requires an object or an array", path);
  return JSON.stringify(value);
}
