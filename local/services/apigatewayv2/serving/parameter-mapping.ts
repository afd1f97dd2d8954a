/** `$request.body.id`, `${context.requestId}` and the like ("Transform API requests and responses for HTTP APIs"). */
import { contextValue, type Exchange } from "../../apigateway/shared-serving/context.ts";
import { jsonPath } from "../../apigateway/shared-serving/json-path.ts";
import { decoded } from "../../apigateway/shared-serving/address.ts";

export interface Sources {
  readonly exchange: Exchange;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Present once the integration has answered. */
  readonly response?: { readonly headers: Readonly<Record<string, string | readonly string[]>>; readonly body: Buffer };
}

/** Paths into a body see only its first 100 KB. */
const LONGEST_SELECTED_BODY = 100 * 1024;
const VARIABLE = /^\$(?!\{)(request|response|context|stageVariables)\b(.*)$/s;

/** The value of a mapping expression as text; undefined when it leads nowhere. Everything else is a constant. */
export function evaluate(expression: string, sources: Sources): string | undefined {
  const single = VARIABLE.exec(expression);
  if (single) return textOf(select(`${single[1] ?? ""}${single[2] ?? ""}`, sources));
  return expression.replace(/\$\{([^}]+)\}/g, (_, name: string) => textOf(select(name, sources)) ?? "");
}

function select(variable: string, sources: Sources): unknown {
  const { exchange, pathParameters, response } = sources;
  const [, root = "", name = ""] = /^([a-zA-Z]+(?:\.[a-z]+)?)\.?(.*)$/s.exec(variable) ?? [];
  if (root.startsWith("context")) return contextValue(exchange.context, variable.slice("context.".length));
  if (root.startsWith("stageVariables")) return exchange.stageVariables[variable.slice("stageVariables.".length)];
  switch (root) {
    case "request.header":
      return exchange.headers[name.toLowerCase()];
    case "request.querystring": {
      const values = exchange.request.query.getAll(name);
      return values.length === 0 ? undefined : values.join(",");
    }
    case "request.path":
      return name === "" ? decoded(exchange.path) : pathParameters[name];
    case "request.body":
      return fromBody(exchange.request.body, variable.slice("request.body".length));
    case "response.header": {
      const value = response?.headers[name.toLowerCase()];
      return typeof value === "object" ? value.join(",") : value;
    }
    case "response.body":
      return fromBody(response?.body ?? Buffer.alloc(0), variable.slice("response.body".length));
    default:
      return undefined;
  }
}

function fromBody(body: Buffer, path: string): unknown {
  if (path === "") return body.toString();
  try {
    return jsonPath(`$${path}`).find(JSON.parse(body.toString("utf8", 0, LONGEST_SELECTED_BODY)));
  } catch {
    // No JSON, cut off, or no path: as if there were nothing.
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
};

/** Headers that mappings may not touch ("Reserved headers"). */
const RESERVED =
  /^(access-control-.*|apigw-.*|authorization|connection|content-encoding|content-length|content-location|forwarded|keep-alive|origin|proxy-authenticate|proxy-authorization|te|trailers|transfer-encoding|upgrade|x-amz-.*|x-amzn-.*|x-forwarded-for|x-forwarded-host|x-forwarded-proto|via)$/;
const KEY = /^(append|overwrite|remove):(header|querystring|path|statuscode)(?:\.(.+))?$/;

/** What is wrong with a key such as `overwrite:header.x`; undefined when nothing is. */
export function mappingProblem(key: string, side: "request" | "response"): string | undefined {
  const [, verb, target, name] = KEY.exec(key) ?? [];
  const isKnown =
    target === "header"
      ? name !== undefined
      : side === "request"
        ? (target === "querystring" && name !== undefined) || (target === "path" && verb === "overwrite")
        : target === "statuscode" && verb === "overwrite";
  if (!isKnown)
    return `Invalid mapping expression specified: Validation Result: warnings : [], errors : [Invalid mapping expression parameter specified: ${key}]`;
  return target === "header" && RESERVED.test((name ?? "").toLowerCase())
    ? `Operations on header ${name ?? ""} are restricted`
    : undefined;
}

/** One change that a mapping makes. */
export interface Change {
  readonly verb: "append" | "overwrite" | "remove";
  readonly target: string;
  readonly name: string;
  readonly value: string | undefined;
}

export const changesOf = (mapping: Readonly<Record<string, string>>, sources: Sources): Change[] =>
  Object.entries(mapping).flatMap(([key, expression]) => {
    const [, verb, target = "", name = ""] = KEY.exec(key) ?? [];
    if (verb !== "append" && verb !== "overwrite" && verb !== "remove") return [];
    return [{ verb, target, name, value: verb === "remove" ? undefined : evaluate(expression, sources) }];
  });

export function changeHeader(headers: Record<string, string | readonly string[]>, change: Change): void {
  const name = change.name.toLowerCase();
  if (change.verb === "remove") delete headers[name];
  else if (change.value !== undefined) {
    const before = headers[name];
    const listed =
      before === undefined || change.verb === "overwrite" ? [] : typeof before === "string" ? [before] : before;
    headers[name] = [...listed, change.value].join(",");
  }
}
