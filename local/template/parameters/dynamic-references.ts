/** `{{resolve:ssm:...}}` and `{{resolve:secretsmanager:...}}` (Using dynamic references to specify template values). */
import { inside, TemplateError, type Path } from "../template-error.ts";
import { isList, type Value } from "../value.ts";

export type DynamicReference =
  | { readonly service: "ssm" | "ssm-secure"; readonly name: string; readonly version: string | undefined }
  | {
      readonly service: "secretsmanager";
      readonly secretId: string;
      readonly jsonKey: string | undefined;
      readonly versionStage: string | undefined;
      readonly versionId: string | undefined;
    };

/** Answers the value behind a reference. Throws when there is none; the place is added to its message. */
export type ResolveDynamic = (reference: DynamicReference) => Promise<string>;

const PATTERN = /\{\{resolve:([^:{}]+):([^{}]+)\}\}/g;

/** The value with every dynamic reference in its strings replaced. */
export async function resolveDynamicReferences(value: Value, resolve: ResolveDynamic, path: Path): Promise<Value> {
  return JSON.stringify(value).includes("{{resolve:") ? walk(value, resolve, path) : value;
}

async function walk(value: Value, resolve: ResolveDynamic, path: Path): Promise<Value> {
  if (typeof value === "string") return inText(value, resolve, path);
  if (isList(value)) {
    const items: Value[] = [];
    for (const [index, item] of value.entries()) items.push(await walk(item, resolve, inside(path, index)));
    return items;
  }
  if (typeof value !== "object" || value === null) return value;
  const members: Record<string, Value> = {};
  for (const [name, member] of Object.entries(value)) members[name] = await walk(member, resolve, inside(path, name));
  return members;
}

async function inText(text: string, resolve: ResolveDynamic, path: Path): Promise<string> {
  let result = "";
  let end = 0;
  for (const match of text.matchAll(PATTERN)) {
    const [whole, service = "", rest = ""] = match;
    result += text.slice(end, match.index);
    end = match.index + whole.length;
    try {
      result += await resolve(parseReference(service, rest, path));
    } catch (error) {
      if (error instanceof TemplateError) throw error;
      throw new TemplateError(
        `Could not resolve ${whole}: ${error instanceof Error ? error.message : String(error)}`,
        path,
      );
    }
  }
  return result + text.slice(end);
}

/** What follows `{{resolve:<service>:`. A secret may be named by its ARN, which has colons of its own. */
function parseReference(service: string, rest: string, path: Path): DynamicReference {
  if (service === "ssm" || service === "ssm-secure") {
    const match = /^([a-zA-Z0-9_.\-/]+)(?::(\d+))?$/.exec(rest);
    if (match?.[1] !== undefined) return { service, name: match[1], version: match[2] };
  } else if (service === "secretsmanager") {
    const match = /^(arn:[^:]*:secretsmanager:[^:]*:[^:]*:secret:[^:]+|[^:]+)(?::(.*))?$/.exec(rest);
    const [kind, jsonKey, versionStage, versionId, ...more] = (match?.[2] ?? "").split(":");
    if (match?.[1] !== undefined && (kind === "" || kind === "SecretString") && more.length === 0)
      return {
        service,
        secretId: match[1],
        jsonKey: jsonKey || undefined,
        versionStage: versionStage || undefined,
        versionId: versionId || undefined,
      };
  } else
    throw new TemplateError(`Unknown service ${service} in dynamic reference {{resolve:${service}:${rest}}}`, path);
  throw new TemplateError(
    `Incorrect format is used in the following ${service.toUpperCase()} reference: [{{resolve:${service}:${rest}}}]`,
    path,
  );
}
