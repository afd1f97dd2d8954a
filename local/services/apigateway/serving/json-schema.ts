/** JSON Schema draft 4, as models use it ("Data models for REST APIs"). */

type Schema = Readonly<Record<string, unknown>>;
/** Finds what a `$ref` outside the schema names. */
export type Lookup = (reference: string) => unknown;

const isObject = (value: unknown): value is Schema =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What is wrong with a value, in words; nothing when it fits. */
export function violations(schema: unknown, value: unknown, lookup: Lookup): string[] {
  return new Validation(schema, lookup).check(schema, value);
}

class Validation {
  readonly #root: unknown;
  readonly #lookup: Lookup;
  #depth = 0;

  constructor(root: unknown, lookup: Lookup) {
    this.#root = root;
    this.#lookup = lookup;
  }

  check(schema: unknown, value: unknown): string[] {
    if (!isObject(schema)) return [];
    // A schema may refer to itself; a value is finite, but not the patience.
    if (++this.#depth > 500) return ["the schema refers to itself without end"];
    try {
      const reference = schema["$ref"];
      if (typeof reference === "string") return this.check(this.#resolve(reference), value);
      return [
        ...this.#type(schema, value),
        ...combinations(this, schema, value),
        ...(typeof value === "number" ? numbers(schema, value) : []),
        ...(typeof value === "string" ? strings(schema, value) : []),
        ...(Array.isArray(value) ? this.#items(schema, value) : []),
        ...(isObject(value) ? this.#members(schema, value) : []),
      ];
    } finally {
      this.#depth--;
    }
  }

  #resolve(reference: string): unknown {
    if (reference === "#") return this.#root;
    const inner = reference
      .replace(/^#\//, "")
      .split("/")
      .reduce<unknown>((found, part) => (isObject(found) ? found[part] : undefined), this.#root);
    return reference.startsWith("#/") && inner !== undefined ? inner : this.#lookup(reference);
  }

  #type(schema: Schema, value: unknown): string[] {
    const wrong: string[] = [];
    const types =
      schema["type"] === undefined
        ? []
        : Array.isArray(schema["type"])
          ? schema["type"].map(String)
          : [String(schema["type"])];
    if (types.length > 0 && !types.some((type) => isOfType(type, value)))
      wrong.push(
        `instance type (${typeName(value)}) does not match any allowed primitive type (allowed: ${JSON.stringify(types)})`,
      );
    const { enum: allowed } = schema;
    if (Array.isArray(allowed) && !allowed.some((item) => isSame(item, value)))
      wrong.push(
        `instance value (${JSON.stringify(value)}) not found in enum (possible values: ${JSON.stringify(allowed)})`,
      );
    return wrong;
  }

  #items(schema: Schema, value: readonly unknown[]): string[] {
    const { items, additionalItems, minItems, maxItems, uniqueItems } = schema;
    const wrong = bounds("array", value.length, minItems, maxItems);
    if (uniqueItems === true && new Set(value.map((item) => JSON.stringify(item))).size < value.length)
      wrong.push("array must not contain duplicate elements");
    for (const [index, item] of value.entries()) {
      const own = Array.isArray(items) ? items[index] : items;
      if (own !== undefined) wrong.push(...this.check(own, item));
      else if (Array.isArray(items) && additionalItems === false) wrong.push("array has too many elements");
      else if (Array.isArray(items)) wrong.push(...this.check(additionalItems, item));
    }
    return wrong;
  }

  #members(schema: Schema, value: Schema): string[] {
    const { properties, patternProperties, additionalProperties, required, minProperties, maxProperties } = schema;
    const missing = list(required)
      .map(String)
      .filter((name) => !Object.hasOwn(value, name));
    const wrong = missing.length > 0 ? [`object has missing required properties (${JSON.stringify(missing)})`] : [];
    wrong.push(...bounds("object", Object.keys(value).length, minProperties, maxProperties));
    const unknown: string[] = [];
    for (const [name, item] of Object.entries(value)) {
      const own = isObject(properties) && Object.hasOwn(properties, name) ? [properties[name]] : [];
      const byPattern = Object.entries(isObject(patternProperties) ? patternProperties : {}).flatMap(
        ([pattern, inner]) => (new RegExp(pattern).test(name) ? [inner] : []),
      );
      const schemas = [...own, ...byPattern];
      if (schemas.length === 0 && additionalProperties === false) unknown.push(name);
      else if (schemas.length === 0) schemas.push(additionalProperties);
      for (const inner of schemas) wrong.push(...this.check(inner, item));
    }
    if (unknown.length > 0)
      wrong.push(`object instance has properties which are not allowed by the schema: ${JSON.stringify(unknown)}`);
    return [...wrong, ...this.#dependencies(schema, value)];
  }

  #dependencies({ dependencies }: Schema, value: Schema): string[] {
    return Object.entries(isObject(dependencies) ? dependencies : {}).flatMap(([name, needed]) => {
      if (!Object.hasOwn(value, name)) return [];
      if (!Array.isArray(needed)) return this.check(needed, value);
      return needed.every((other) => Object.hasOwn(value, String(other)))
        ? []
        : [`property ${name} needs ${JSON.stringify(needed)}`];
    });
  }
}

function combinations(validation: Validation, schema: Schema, value: unknown): string[] {
  const fits = (inner: unknown): boolean => validation.check(inner, value).length === 0;
  const { allOf, anyOf, oneOf, not } = schema;
  const wrong = list(allOf).flatMap((inner) => validation.check(inner, value));
  if (Array.isArray(anyOf) && !anyOf.some(fits))
    wrong.push("instance failed to match at least one required schema among " + anyOf.length);
  if (Array.isArray(oneOf)) {
    const matched = oneOf.filter(fits).length;
    if (matched !== 1)
      wrong.push(`instance failed to match exactly one schema (matched ${matched} out of ${oneOf.length})`);
  }
  if (not !== undefined && fits(not)) wrong.push("instance matched a schema which it should not have");
  return wrong;
}

function numbers(
  { minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf }: Schema,
  value: number,
): string[] {
  const wrong: string[] = [];
  if (typeof minimum === "number" && (exclusiveMinimum === true ? value <= minimum : value < minimum))
    wrong.push(`numeric instance is lower than the required minimum (minimum: ${minimum}, found: ${value})`);
  if (typeof maximum === "number" && (exclusiveMaximum === true ? value >= maximum : value > maximum))
    wrong.push(`numeric instance is greater than the required maximum (maximum: ${maximum}, found: ${value})`);
  if (typeof multipleOf === "number" && !Number.isInteger(Number((value / multipleOf).toPrecision(12))))
    wrong.push(`remainder of division is not zero (${value} / ${multipleOf})`);
  return wrong;
}

function strings({ minLength, maxLength, pattern }: Schema, value: string): string[] {
  const wrong = bounds("string", [...value].length, minLength, maxLength);
  if (typeof pattern === "string" && !new RegExp(pattern, "u").test(value))
    wrong.push(`ECMA 262 regex "${pattern}" does not match input string "${value}"`);
  return wrong;
}

function bounds(what: string, size: number, least: unknown, most: unknown): string[] {
  if (typeof least === "number" && size < least)
    return [`${what} is too short (length: ${size}, required minimum: ${least})`];
  return typeof most === "number" && size > most
    ? [`${what} is too long (length: ${size}, maximum allowed: ${most})`]
    : [];
}

function isOfType(type: string, value: unknown): boolean {
  const name = typeName(value);
  return type === name || (type === "number" && name === "integer");
}

function typeName(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "array";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "number";
  return typeof value;
}

/** Members in any order. */
function isSame(left: unknown, right: unknown): boolean {
  if (Array.isArray(left) && Array.isArray(right))
    return left.length === right.length && left.every((item, index) => isSame(item, right[index]));
  if (!isObject(left) || !isObject(right)) return left === right;
  const keys = Object.keys(left);
  return (
    keys.length === Object.keys(right).length &&
    keys.every((key) => Object.hasOwn(right, key) && isSame(left[key], right[key]))
  );
}
