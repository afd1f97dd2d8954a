/** What a target gets: the event, a part of it, a constant, or a text made from it (Transforming events, EventBridge User Guide). */
import type { Rule, Target } from "../store.ts";

/** Reads the simple JSON paths that EventBridge takes: `$`, `$.detail.items[0].id`, `$.detail.["a b"]`. Undefined where nothing is. */
export function readPath(path: string, event: unknown): unknown {
  let value = event;
  for (const [, name, quoted, index] of path.slice(1).matchAll(/\.?(?:([\w-]+)|\[["']([^"']+)["']\]|\[(\d+)\])/g)) {
    if (typeof value !== "object" || value === null) return undefined;
    const key = name ?? quoted ?? index ?? "";
    value = Object.hasOwn(value, key) ? (value as Record<string, unknown>)[key] : undefined;
  }
  return value;
}

export const isPath = (path: string): boolean => /^\$(\.?([\w-]+|\[["'][^"']+["']\]|\[\d+\]))*$/.test(path);

/** The text that is sent to the target. */
export function targetInput(
  target: Target,
  event: object,
  rule: Pick<Rule, "arn" | "name">,
  ingestedAt: number,
): string {
  if (target.Input !== undefined) return target.Input;
  if (target.InputPath !== undefined) return JSON.stringify(readPath(target.InputPath, event) ?? {});
  if (!target.InputTransformer) return JSON.stringify(event);
  const { InputPathsMap = {}, InputTemplate = "" } = target.InputTransformer;
  const values: Record<string, unknown> = {
    "aws.events.rule-arn": rule.arn,
    "aws.events.rule-name": rule.name,
    "aws.events.event.ingestion-time": new Date(ingestedAt).toISOString(),
    "aws.events.event": event,
    "aws.events.event.json": event,
  };
  for (const [name, path] of Object.entries(InputPathsMap)) values[name] = readPath(path, event);
  return fill(InputTemplate, values);
}

/** Puts values for `<name>`: as JSON where the placeholder stands alone, as bare text within quotes. Unknown ones vanish. */
function fill(template: string, values: Readonly<Record<string, unknown>>): string {
  let isQuoted = false;
  return template.replace(/\\.|"|<([\w.-]+)>/gs, (token, name: string | undefined) => {
    if (token === '"') isQuoted = !isQuoted;
    if (name === undefined || !Object.hasOwn(values, name)) return token;
    const value = values[name];
    if (value === undefined) return "";
    if (!isQuoted) return JSON.stringify(value);
    const text = typeof value === "string" ? value : JSON.stringify(value);
    return JSON.stringify(text).slice(1, -1);
  });
}
