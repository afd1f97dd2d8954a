/** The AWS::LanguageExtensions transform: Fn::ForEach, and leave to use the functions that need it. */
import { inside, TemplateError, type Path } from "../template-error.ts";
import { isFields, isList, valueFunction, type Fields, type Value } from "../value.ts";
import { defaultOf } from "../parameters/parameters.ts";

const EXTENSIONS: ReadonlySet<string> = new Set(["Fn::Length", "Fn::ToJsonString"]);

/** Throws TemplateError when the template uses an extension without declaring the transform, or uses Fn::ForEach wrongly. */
export function expandLanguageExtensions(
  raw: Fields,
  isDeclared: boolean,
  parameters: Readonly<Record<string, string>>,
): Fields {
  const definitions = isFields(raw["Parameters"]) ? raw["Parameters"] : {};
  return expandFields(raw, "", {});

  function expandFields(fields: Fields, path: Path, variables: Readonly<Record<string, string>>): Fields {
    const result: Record<string, Value> = {};
    const add = (name: string, value: Value, at: Path) => {
      if (Object.hasOwn(result, name))
        throw new TemplateError(`Template error: Fn::ForEach makes the key ${name} twice`, at);
      result[name] = value;
    };
    for (const [name, value] of Object.entries(fields)) {
      const at = inside(path, name);
      if (name.startsWith("Fn::ForEach::")) {
        requireTransform("Fn::ForEach", at);
        for (const [key, member] of loop(value, at, variables)) add(key, member, at);
      } else add(name, expandValue(value, at, variables), at);
    }
    return result;
  }

  function expandValue(value: Value, path: Path, variables: Readonly<Record<string, string>>): Value {
    if (isList(value)) return value.map((item, index) => expandValue(item, inside(path, index), variables));
    if (typeof value === "string") return replaceVariables(value, variables);
    if (!isFields(value)) return value;
    const call = valueFunction(value);
    if (call?.name === "Ref" && typeof call.argument === "string" && call.argument in variables)
      return variables[call.argument] ?? "";
    if (call && EXTENSIONS.has(call.name)) requireTransform(call.name, path);
    if (call?.name === "Fn::FindInMap" && isList(call.argument) && call.argument.length > 3)
      requireTransform("Fn::FindInMap with a default value", path);
    return expandFields(value, path, variables);
  }

  /** `[variable, list, { key: body, ... }]`. */
  function loop(value: Value, path: Path, variables: Readonly<Record<string, string>>): [string, Value][] {
    const [variable, collection, body] = isList(value) ? value : [];
    if (typeof variable !== "string" || collection === undefined || !isFields(body))
      throw new TemplateError(
        "Template error: Fn::ForEach requires an identifier, a collection and an output object",
        path,
      );
    return items(collection, path, variables).flatMap((item) => {
      const inner = { ...variables, [variable]: item };
      return Object.entries(body).flatMap(([key, member]): [string, Value][] => {
        const at = inside(path, key);
        if (key.startsWith("Fn::ForEach::")) return loop(member, at, inner);
        return [[replaceVariables(key, inner), expandValue(member, at, inner)]];
      });
    });
  }

  function items(collection: Value, path: Path, variables: Readonly<Record<string, string>>): readonly string[] {
    const call = valueFunction(collection);
    if (call?.name === "Ref" && typeof call.argument === "string") {
      const given = parameters[call.argument] ?? defaultOf(fieldsOnly(definitions), call.argument);
      if (given !== undefined) return given.split(",").map((item) => item.trim());
    } else if (isList(collection))
      return collection.map((item, index) => String(expandValue(item, inside(path, index), variables)));
    throw new TemplateError(
      "Template error: the collection of Fn::ForEach must be a list or a reference to a list parameter",
      path,
    );
  }

  function requireTransform(name: string, path: Path): void {
    if (!isDeclared)
      throw new TemplateError(
        `Template error: ${name} needs the transform AWS::LanguageExtensions to be declared`,
        path,
      );
  }
}

/** `${Name}` and `&{Name}` (which strips what is not alphanumeric); other variables are left for Fn::Sub. */
function replaceVariables(text: string, variables: Readonly<Record<string, string>>): string {
  return text.replaceAll(/([$&])\{([A-Za-z0-9]+)\}/g, (whole, kind: string, name: string) => {
    const value = variables[name];
    if (value === undefined) return whole;
    return kind === "&" ? value.replaceAll(/[^A-Za-z0-9]/g, "") : value;
  });
}

const fieldsOnly = (values: Fields): Readonly<Record<string, Fields>> =>
  Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (isFields(value) ? [[name, value]] : [])));
