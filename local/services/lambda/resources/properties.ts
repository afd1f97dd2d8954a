/** Properties of a template as the SDK's inputs want them: parameters put numbers and booleans there as text. */
import type { Properties } from "../../../core/service.ts";
import { invalid } from "../errors.ts";

export type Fields = Readonly<Record<string, unknown>>;

export const text = (value: unknown): string | undefined =>
  value === undefined || value === null ? undefined : String(value);

export const fields = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

export const list = (value: unknown): readonly unknown[] | undefined => (Array.isArray(value) ? value : undefined);

export const texts = (value: unknown): string[] | undefined => list(value)?.map(String);

/** Throws InvalidParameterValueException for what is no number. */
export function number(properties: Fields, name: string): number | undefined {
  const value = properties[name];
  if (value === undefined || value === null || value === "") return undefined;
  const parsed = Number(value);
  if (Number.isNaN(parsed)) throw invalid(`Property ${name} must be a number`);
  return parsed;
}

export const boolean = (value: unknown): boolean | undefined =>
  value === undefined || value === null ? undefined : String(value) === "true";

/** Leaves out what is undefined. */
export function defined<T extends object>(
  members: T,
): { [K in keyof T as undefined extends T[K] ? never : K]: T[K] } & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
} {
  const entries = Object.entries(members).filter(([, value]) => value !== undefined);
  // Exactly the members that are there.
  return Object.fromEntries(entries) as never;
}

/** Whether one of these differs between the template's old and new state. */
export const differs = (names: readonly string[], now: Properties, before: Properties): boolean =>
  names.some((name) => JSON.stringify(now[name]) !== JSON.stringify(before[name]));

/** Tags of the resource, with those of the stack. */
export function tagsOf(properties: Fields, stack: Readonly<Record<string, string>>): Record<string, string> {
  const own = (list(properties["Tags"]) ?? []).map((tag) => {
    const { Key: key, Value: value } = fields(tag) ?? {};
    return [String(key), String(value ?? "")] as const;
  });
  return { ...stack, ...Object.fromEntries(own) };
}
