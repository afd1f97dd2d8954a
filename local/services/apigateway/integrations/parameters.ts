/** `method.request.querystring.x`, `integration.response.body.y`, `context.z`, `'a constant'` ("API Gateway mapping parameter reference"). */
import { contextValue, type Exchange } from "../shared-serving/context.ts";
import { jsonPath } from "../shared-serving/json-path.ts";

export interface Sources {
  readonly exchange: Exchange;
  readonly pathParameters: Readonly<Record<string, string>>;
  /** Present once the integration has answered. */
  readonly response?: { readonly headers: Readonly<Record<string, string | readonly string[]>>; readonly body: Buffer };
}

/** The value as text; undefined when it leads nowhere. */
export function parameterValue(expression: string, sources: Sources): string | undefined {
  const value = find(expression, sources);
  if (value === undefined || value === null) return undefined;
  return typeof value === "string" ? value : JSON.stringify(value);
}

function find(expression: string, { exchange, pathParameters, response }: Sources): unknown {
  const literal = /^'(.*)'$/s.exec(expression)?.[1];
  if (literal !== undefined) return literal;
  const after = (prefix: string): string | undefined =>
    expression.startsWith(prefix) ? expression.slice(prefix.length) : undefined;
  const header = after("method.request.header.") ?? after("method.request.multivalueheader.");
  if (header !== undefined) return exchange.headers[header.toLowerCase()];
  const single = after("method.request.querystring.");
  if (single !== undefined) return exchange.request.query.getAll(single).at(-1);
  const multi = after("method.request.multivaluequerystring.");
  if (multi !== undefined) return exchange.request.query.getAll(multi).join(",") || undefined;
  const path = after("method.request.path.");
  if (path !== undefined) return pathParameters[path];
  const body = after("method.request.body");
  if (body !== undefined) return fromBody(exchange.request.body, body);
  const context = after("context.");
  if (context !== undefined) return contextValue(exchange.context, context);
  const variable = after("stageVariables.");
  if (variable !== undefined) return exchange.stageVariables[variable];
  const answered = after("integration.response.header.") ?? after("integration.response.multivalueheader.");
  if (answered !== undefined) {
    const value = response?.headers[answered.toLowerCase()];
    return typeof value === "object" ? value.join(",") : value;
  }
  const answer = after("integration.response.body");
  return answer === undefined || !response ? undefined : fromBody(response.body, answer);
}

function fromBody(body: Buffer, path: string): unknown {
  if (path === "") return body.toString();
  try {
    return jsonPath(`$${path}`).find(JSON.parse(body.toString()));
  } catch {
    // No JSON, or no path: as if there were nothing.
    return undefined;
  }
}
