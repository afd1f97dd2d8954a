/** Properties of templates, where numbers and booleans may be texts. */
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import type { Properties, ResourceContext } from "../../../core/service.ts";

export const text = (properties: Properties, name: string): string | undefined => {
  const value = properties[name];
  return value === undefined || value === null ? undefined : String(value);
};

/** Throws ValidationError. */
export function requiredText(properties: Properties, name: string): string {
  const value = text(properties, name);
  if (value === undefined) throw new ServiceError("ValidationError", `Property ${name} cannot be empty.`);
  return value;
}

export const number = (properties: Properties, name: string): number | undefined =>
  properties[name] === undefined ? undefined : Number(properties[name]);

export const flag = (properties: Properties, name: string): boolean | undefined =>
  properties[name] === undefined ? undefined : String(properties[name]) === "true";

export const texts = (properties: Properties, name: string): string[] | undefined => {
  const value = properties[name];
  if (value === undefined) return undefined;
  return Array.isArray(value) ? value.map(String) : [String(value)];
};

export const object = (properties: Properties, name: string): Readonly<Record<string, unknown>> | undefined => {
  const value = properties[name];
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
};

/** A list of objects; whatever else is in it is left out. */
export const objects = (properties: Properties, name: string): Properties[] => {
  const value = properties[name];
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  return items.map((item) => object({ item }, "item")).filter((item) => item !== undefined);
};

/** An object of texts, such as stage variables. */
export const textMap = (properties: Properties, name: string): Record<string, string> | undefined => {
  const value = object(properties, name);
  return value && Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item)]));
};

/** Lists of `{ Key, Value }` and plain objects, with the tags of the stack. */
export function tags(properties: Properties, context: ResourceContext): Record<string, string> {
  const own = properties["Tags"];
  const found: Record<string, string> = { ...context.tags };
  if (Array.isArray(own)) for (const tag of own) found[String(tag?.Key)] = String(tag?.Value ?? "");
  else for (const [key, value] of Object.entries(object(properties, "Tags") ?? {})) found[key] = String(value);
  return found;
}

/** What is deleted already needs no deleting. */
export async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isServiceError(error) || error.name !== "NotFoundException") throw error;
  }
}

export const isChanged = (properties: Properties, previous: Properties, ...names: readonly string[]): boolean =>
  names.some((name) => JSON.stringify(properties[name]) !== JSON.stringify(previous[name]));
