/** Fn::Sub. */
import { inside, TemplateError, type Path } from "../template-error.ts";
import { isFields, isList, isScalar, type Fields, type Value } from "../value.ts";
import type { Evaluate } from "./evaluate.ts";
import { getAttribute, reference } from "./references.ts";
import type { Scope } from "./scope.ts";
import { parseSub } from "./sub-text.ts";

export function substitute(argument: Value, scope: Scope, path: Path, evaluate: Evaluate): Value {
  const [text, variables] = subArguments(argument, path);
  return parseSub(text, path)
    .map((part) => ("text" in part ? part.text : variable(part.variable)))
    .join("");

  function variable(name: string): string {
    const given = variables[name];
    const value =
      given !== undefined
        ? evaluate(given, scope, inside(path, name))
        : name.includes(".")
          ? getAttribute(name, scope, path, evaluate)
          : reference(name, scope, path);
    if (isScalar(value)) return String(value);
    throw new TemplateError(
      `Template error: variable ${name} in Fn::Sub expression does not resolve to a string`,
      path,
    );
  }
}

/** Both forms: a text, or a text and the values of variables. */
export function subArguments(argument: Value, path: Path): readonly [string, Fields] {
  if (typeof argument === "string") return [argument, {}];
  if (isList(argument) && argument.length === 2) {
    const [text, variables] = argument;
    if (typeof text === "string" && isFields(variables)) return [text, variables];
  }
  throw new TemplateError(
    "Template error: One or more Fn::Sub intrinsic functions don't specify expected arguments. Specify a string as first argument, and an optional second argument to specify a mapping of values to replace in the string",
    path,
  );
}
