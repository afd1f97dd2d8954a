/** The Conditions section: Fn::Equals, And, Or, Not and references to other conditions. */
import { isDeepStrictEqual } from "node:util";
import { inside, TemplateError, type Path } from "../template-error.ts";
import { intrinsic, isList, isScalar, type Fields, type Value } from "../value.ts";
import type { Evaluate } from "./evaluate.ts";
import type { Scope } from "./scope.ts";

/** Answers whether named conditions hold; each is evaluated once. Throws TemplateError for unknown and circular ones. */
export function conditionLookup(
  conditions: Fields,
  scope: () => Scope,
  evaluate: Evaluate,
): (name: string, path: Path) => boolean {
  const known = new Map<string, boolean>();
  const open: string[] = [];
  return (name, path) => {
    const value = known.get(name);
    if (value !== undefined) return value;
    const definition = conditions[name];
    if (definition === undefined)
      throw new TemplateError(
        `Template format error: Unresolved condition dependency ${name} in the ${path.split(".")[0] ?? ""} block of the template`,
        path,
      );
    if (open.includes(name))
      throw new TemplateError(`Template error: Circular dependency between conditions: [${open.join(", ")}]`, path);
    open.push(name);
    try {
      const result = evaluateCondition(definition, scope(), `Conditions.${name}`, evaluate);
      known.set(name, result);
      return result;
    } finally {
      open.pop();
    }
  };
}

function evaluateCondition(value: Value, scope: Scope, path: Path, evaluate: Evaluate): boolean {
  const call = intrinsic(value);
  const { name, argument } = call ?? { name: "", argument: null };
  const operands = isList(argument) ? argument : [];
  const holds = (operand: Value, index: number) => evaluateCondition(operand, scope, inside(path, index), evaluate);
  switch (name) {
    case "Condition":
      if (typeof argument === "string") return scope.condition(argument, path);
      throw new TemplateError("Template error: every Condition object must have a single String value.", path);
    case "Fn::Equals": {
      if (operands.length !== 2)
        throw new TemplateError(
          "Template error: every Fn::Equals object requires a list of 2 string parameters.",
          path,
        );
      const [left, right] = operands.map((operand, index) => evaluate(operand, scope, inside(path, index)));
      return isScalar(left) && isScalar(right) ? String(left) === String(right) : isDeepStrictEqual(left, right);
    }
    case "Fn::Not":
      if (operands.length !== 1 || operands[0] === undefined)
        throw new TemplateError(
          "Template error: every Fn::Not object requires a list argument with one parameter",
          path,
        );
      return !holds(operands[0], 0);
    case "Fn::And":
    case "Fn::Or":
      // CloudFormation: two to ten operands.
      if (operands.length < 2 || operands.length > 10)
        throw new TemplateError(
          `Template error: every ${name} object requires a list of at least 2 and at most 10 boolean parameters.`,
          path,
        );
      return name === "Fn::And" ? operands.every(holds) : operands.some(holds);
    default:
      throw new TemplateError(
        "Template format error: Conditions can only be boolean operations on parameters and other conditions",
        path,
      );
  }
}
