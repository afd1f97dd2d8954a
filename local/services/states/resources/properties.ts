/** Reads properties of templates. */
import type { Tag } from "@aws-sdk/client-sfn";
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import type { Properties, ResourceContext } from "../../../core/service.ts";

export function textOf(properties: Properties, name: string): string | undefined {
  const value = properties[name];
  return value === undefined ? undefined : String(value);
}

/** Throws ValidationError when the property is missing. */
export function requiredText(properties: Properties, name: string): string {
  const value = textOf(properties, name);
  if (value === undefined) throw new ServiceError("ValidationError", `Property ${name} cannot be empty.`);
  return value;
}

/** The resource's own tags win over the stack's. */
export function tagsOf(properties: Properties, context: ResourceContext): Tag[] {
  const tags: Record<string, string> = { ...context.tags };
  const own: unknown = properties["Tags"];
  for (const tag of Array.isArray(own) ? own : []) tags[String(tag?.Key)] = String(tag?.Value ?? "");
  return Object.entries(tags).map(([key, value]) => ({ key, value }));
}

/** What is gone already needs no deleting. */
export async function unlessGone(deletion: Promise<unknown>): Promise<void> {
  try {
    await deletion;
  } catch (error) {
    if (!isServiceError(error) || !/DoesNotExist|ResourceNotFound/.test(error.name)) throw error;
  }
}
