/** AllowedValues, AllowedPattern, lengths and ranges of a parameter. */
import { inside, TemplateError } from "../template-error.ts";
import { isList, type Fields } from "../value.ts";

const TYPES =
  /^(String|Number|CommaDelimitedList|List<(Number|String|AWS::[A-Za-z0-9]+::[A-Za-z0-9]+::[A-Za-z]+)>|AWS::(EC2|Route53)::[A-Za-z0-9]+::[A-Za-z.]+|AWS::SSM::Parameter::(Name|Value<.+>))$/;

/** Throws TemplateError in CloudFormation's words unless the value satisfies its definition. */
export function checkConstraints(name: string, definition: Fields, type: string, text: string): void {
  const path = inside("Parameters", name);
  if (!TYPES.test(type))
    throw new TemplateError(`Template format error: Unrecognized parameter type: ${type}`, inside(path, "Type"));
  const explanation = definition["ConstraintDescription"];
  const fail = (what: string): never => {
    throw new TemplateError(
      typeof explanation === "string"
        ? `Parameter ${name} failed to satisfy constraint: ${explanation}`
        : `Parameter '${name}' ${what}`,
      path,
    );
  };
  const isListType = type === "CommaDelimitedList" || type.startsWith("List<");
  const items = isListType ? text.split(",").map((item) => item.trim()) : [text];

  const allowed = definition["AllowedValues"];
  if (isList(allowed) && !items.every((item) => allowed.some((value) => String(value) === item)))
    fail("must be one of AllowedValues");

  const pattern = definition["AllowedPattern"];
  if (pattern !== undefined && !items.every((item) => new RegExp(`^(?:${String(pattern)})$`).test(item)))
    fail(`must match pattern ${String(pattern)}`);

  const minLength = limit(definition, "MinLength");
  const maxLength = limit(definition, "MaxLength");
  if (minLength !== undefined && text.length < minLength) fail(`must contain at least ${minLength} characters`);
  if (maxLength !== undefined && text.length > maxLength) fail(`must contain at most ${maxLength} characters`);

  if (type === "Number" || type === "List<Number>") {
    const numbers = items.map(Number);
    if (items.includes("") || numbers.some(Number.isNaN)) fail("must be a number");
    const minimum = limit(definition, "MinValue");
    const maximum = limit(definition, "MaxValue");
    if (minimum !== undefined && numbers.some((number) => number < minimum))
      fail(`must be a number not less than ${minimum}`);
    if (maximum !== undefined && numbers.some((number) => number > maximum))
      fail(`must be a number not greater than ${maximum}`);
  }
}

function limit(definition: Fields, member: string): number | undefined {
  const value = definition[member];
  return value === undefined || value === null ? undefined : Number(value);
}
