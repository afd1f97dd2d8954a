/** Evaluates the intrinsic functions of a value (Intrinsic function reference). */
import { inside, TemplateError, type Path } from "../template-error.ts";
import { isList, valueFunction, type Value } from "../value.ts";
import { cidr } from "./cidr.ts";
import { findInMap } from "./find-in-map.ts";
import { getAttribute, reference } from "./references.ts";
import { isNoValue, type Scope } from "./scope.ts";
import { availabilityZones, base64, join, length, select, split, toJsonString } from "./strings.ts";
import { substitute } from "./substitute.ts";

export type Evaluate = (value: Value, scope: Scope, path: Path) => Value;
type Intrinsic = (argument: Value, scope: Scope, path: Path, evaluate: Evaluate) => Value;

const FUNCTIONS: Readonly<Record<string, Intrinsic>> = {
  Ref: reference,
  "Fn::GetAtt": getAttribute,
  "Fn::Sub": substitute,
  "Fn::Join": join,
  "Fn::Split": split,
  "Fn::Select": select,
  "Fn::Base64": base64,
  "Fn::Cidr": cidr,
  "Fn::GetAZs": availabilityZones,
  "Fn::FindInMap": findInMap,
  "Fn::Length": length,
  "Fn::ToJsonString": toJsonString,
  "Fn::If": choose,
  "Fn::ImportValue": (argument, scope, path, evaluateIn) => {
    const name = evaluateIn(argument, scope, path);
    if (typeof name !== "string")
      throw new TemplateError(
        "Template error: the attribute in Fn::ImportValue must not depend on any resources, imported values, or Fn::GetAZs",
        path,
      );
    return scope.importValue(name, path);
  },
};

/** The value with every function replaced by its result; members and items that are `AWS::NoValue` are left out. Throws TemplateError. */
export function evaluate(value: Value, scope: Scope, path: Path): Value {
  if (isList(value)) {
    const items: Value[] = [];
    for (const [index, item] of value.entries()) {
      const chosen = branch(item, scope, inside(path, index));
      if (!isNoValue(chosen)) items.push(evaluate(chosen, scope, inside(path, index)));
    }
    return items;
  }
  if (typeof value !== "object" || value === null) return value;
  const call = valueFunction(value);
  if (call) {
    const run = FUNCTIONS[call.name];
    if (run) return run(call.argument, scope, path, evaluate);
    throw new TemplateError(`Template error: ${call.name} is not supported here`, path);
  }
  const members: Record<string, Value> = {};
  for (const [name, member] of Object.entries(value)) {
    const chosen = branch(member, scope, inside(path, name));
    if (!isNoValue(chosen)) members[name] = evaluate(chosen, scope, inside(path, name));
  }
  return members;
}

function choose(argument: Value, scope: Scope, path: Path): Value {
  const chosen = branch({ "Fn::If": argument }, scope, path);
  return isNoValue(chosen) ? {} : evaluate(chosen, scope, path);
}

/** Follows `Fn::If` to the branch that holds, so that `AWS::NoValue` behind it is seen. */
export function branch(value: Value, scope: Pick<Scope, "condition">, path: Path): Value {
  const call = valueFunction(value);
  if (call?.name !== "Fn::If") return value;
  const { argument } = call;
  const [name, whenTrue, whenFalse] = isList(argument) ? argument : [];
  if (!isList(argument) || argument.length !== 3 || whenTrue === undefined || whenFalse === undefined)
    throw new TemplateError("Template error: Fn::If requires a list argument with three parameters", path);
  if (typeof name !== "string")
    throw new TemplateError(
      "Template error: Fn::If requires a list argument with the first parameter being a condition",
      path,
    );
  return branch(scope.condition(name, path) ? whenTrue : whenFalse, scope, path);
}

/** The value with only the branches of `Fn::If` that hold, functions otherwise untouched. */
export function prune(value: Value, scope: Pick<Scope, "condition">, path: Path): Value {
  const chosen = branch(value, scope, path);
  if (isList(chosen))
    return chosen.flatMap((item, index) => {
      const kept = prune(item, scope, inside(path, index));
      return isNoValue(kept) ? [] : [kept];
    });
  if (typeof chosen !== "object" || chosen === null || isNoValue(chosen)) return chosen;
  const members: Record<string, Value> = {};
  for (const [name, member] of Object.entries(chosen)) {
    const kept = prune(member, scope, inside(path, name));
    if (!isNoValue(kept)) members[name] = kept;
  }
  return members;
}
