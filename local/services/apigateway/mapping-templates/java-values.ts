/** Values as templates see them: texts, numbers, lists and maps with the methods of their Java classes. */
import { TemplateError } from "./syntax.ts";

export type MapValue = Record<string, unknown>;

export const isMap = (value: unknown): value is MapValue =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** As Java prints it: lists `[1, 2]`, maps `{a=1, b=2}`. */
export function printed(value: unknown): string {
  if (value === null || value === undefined) return "null";
  if (Array.isArray(value)) return `[${value.map(printed).join(", ")}]`;
  if (isMap(value))
    return `{${Object.entries(value)
      .map(([key, item]) => `${key}=${printed(item)}`)
      .join(", ")}}`;
  return String(value);
}

export function isEqual(left: unknown, right: unknown): boolean {
  const a = left ?? null;
  const b = right ?? null;
  if (typeof a === "object" && typeof b === "object") return JSON.stringify(a) === JSON.stringify(b);
  // Velocity compares values of different classes by their text.
  return (
    a === b || (a !== null && b !== null && typeof a !== "object" && typeof b !== "object" && String(a) === String(b))
  );
}

type Arguments = readonly unknown[];
const text = (values: Arguments, index = 0): string => printed(values[index]);
const number = (values: Arguments, index = 0): number => Number(values[index]);

/** Calls a method of a value. Throws TemplateError for methods that are not there. */
export function callMethod(target: unknown, name: string, values: Arguments): unknown {
  if (name === "toString") return printed(target);
  if (name === "equals") return isEqual(target, values[0]);
  const own =
    typeof target === "string"
      ? onText(target, name, values)
      : Array.isArray(target)
        ? onList(target, name, values)
        : isMap(target)
          ? onMap(target, name, values)
          : typeof target === "number"
            ? onNumber(target, name)
            : undefined;
  if (own === undefined)
    throw new TemplateError(`A mapping template calls ${name}() on ${printed(target)}, which has no such method here`);
  return own.value;
}

interface Result {
  readonly value: unknown;
}
const result = (value: unknown): Result => ({ value });

function onText(target: string, name: string, values: Arguments): Result | undefined {
  switch (name) {
    case "length":
      return result(target.length);
    case "isEmpty":
      return result(target === "");
    case "equalsIgnoreCase":
      return result(target.toLowerCase() === text(values).toLowerCase());
    case "contains":
      return result(target.includes(text(values)));
    case "startsWith":
      return result(target.startsWith(text(values)));
    case "endsWith":
      return result(target.endsWith(text(values)));
    case "indexOf":
      return result(target.indexOf(text(values)));
    case "lastIndexOf":
      return result(target.lastIndexOf(text(values)));
    case "charAt":
      return result(target.charAt(number(values)));
    case "substring":
      return result(target.substring(number(values), values.length > 1 ? number(values, 1) : undefined));
    case "replace":
      return result(target.replaceAll(text(values), () => text(values, 1)));
    case "replaceAll":
      return result(target.replace(new RegExp(text(values), "g"), javaReplacement(text(values, 1))));
    case "replaceFirst":
      return result(target.replace(new RegExp(text(values)), javaReplacement(text(values, 1))));
    case "matches":
      return result(new RegExp(`^(?:${text(values)})$`).test(target));
    case "split":
      return result(split(target, text(values)));
    case "concat":
      return result(target + text(values));
    case "trim":
      return result(target.trim());
    case "toLowerCase":
      return result(target.toLowerCase());
    case "toUpperCase":
      return result(target.toUpperCase());
    default:
      return undefined;
  }
}

/** In Java a backslash takes the next character as it is, and `$1` is a group. */
const javaReplacement = (replacement: string): string =>
  replacement.replace(/\\(.)|\$(?!\d)/gs, (_, escaped: string | undefined) =>
    escaped === undefined || escaped === "$" ? "$$$$" : escaped,
  );

/** Java leaves out empty texts at the end. */
function split(target: string, separator: string): string[] {
  const parts = target.split(new RegExp(separator));
  while (parts.length > 1 && parts.at(-1) === "") parts.pop();
  return parts;
}

function onList(target: unknown[], name: string, values: Arguments): Result | undefined {
  switch (name) {
    case "size":
      return result(target.length);
    case "isEmpty":
      return result(target.length === 0);
    case "get":
      return result(target[number(values)]);
    case "contains":
      return result(target.some((item) => isEqual(item, values[0])));
    case "indexOf":
      return result(target.findIndex((item) => isEqual(item, values[0])));
    case "add":
      if (values.length > 1) target.splice(number(values), 0, values[1]);
      else target.push(values[0]);
      return result(true);
    case "addAll":
      if (Array.isArray(values[0])) target.push(...values[0]);
      return result(true);
    case "set":
      return result(target.splice(number(values), 1, values[1])[0]);
    case "remove":
      return result(target.splice(number(values), 1)[0]);
    default:
      return undefined;
  }
}

function onMap(target: MapValue, name: string, values: Arguments): Result | undefined {
  const key = text(values);
  const before = Object.hasOwn(target, key) ? target[key] : undefined;
  switch (name) {
    case "get":
      return result(before);
    case "getOrDefault":
      return result(Object.hasOwn(target, key) ? before : values[1]);
    case "put":
      target[key] = values[1];
      return result(before);
    case "putAll":
      return result(Object.assign(target, values[0]) && undefined);
    case "remove":
      delete target[key];
      return result(before);
    case "containsKey":
      return result(Object.hasOwn(target, key));
    case "containsValue":
      return result(Object.values(target).some((item) => isEqual(item, values[0])));
    case "keySet":
      return result(Object.keys(target));
    case "values":
      return result(Object.values(target));
    case "entrySet":
      return result(Object.entries(target).map(([entryKey, value]) => ({ key: entryKey, value })));
    case "size":
      return result(Object.keys(target).length);
    case "isEmpty":
      return result(Object.keys(target).length === 0);
    case "getKey":
      return result(target["key"]);
    case "getValue":
      return result(target["value"]);
    default:
      return undefined;
  }
}

const onNumber = (target: number, name: string): Result | undefined =>
  name === "intValue" || name === "longValue"
    ? result(Math.trunc(target))
    : name === "doubleValue"
      ? result(target)
      : undefined;
