/** The `$context` variables of one request: a tree that grows while the request is served. */
import type { Cloud } from "../../../core/cloud.ts";
import type { HttpRequest, HttpResponse } from "../../../core/service.ts";

export type Tree = Record<string, unknown>;

export interface Exchange {
  readonly cloud: Cloud;
  readonly request: HttpRequest;
  readonly startedAt: number;
  readonly apiId: string;
  readonly stage: string;
  /** Percent-encoded, without the stage. */
  readonly path: string;
  /** Lower-case names, as integrations and authorizers see them. */
  readonly headers: Readonly<Record<string, string>>;
  /** What calls of the integration carry; of REST APIs only. */
  readonly traceHeader?: string | undefined;
  readonly stageVariables: Readonly<Record<string, string>>;
  readonly context: Tree;
}

export interface Answer extends HttpResponse {
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
}

const isTree = (value: unknown): value is Tree => typeof value === "object" && value !== null && !Array.isArray(value);

/** The value of `identity.sourceIp` or `authorizer.claims.custom:team`; names may themselves contain dots. */
export function contextValue(context: unknown, name: string): unknown {
  if (!isTree(context)) return undefined;
  if (Object.hasOwn(context, name)) return context[name];
  for (let dot = name.indexOf("."); dot >= 0; dot = name.indexOf(".", dot + 1)) {
    const value = contextValue(context[name.slice(0, dot)], name.slice(dot + 1));
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Sets `integration.status` and the like, making the branches on the way. */
export function setContext(context: Tree, name: string, value: unknown): void {
  const [first = "", ...rest] = name.split(".");
  if (rest.length === 0) {
    context[first] = value;
    return;
  }
  const branch = context[first];
  const inner: Tree = isTree(branch) ? branch : {};
  context[first] = inner;
  setContext(inner, rest.join("."), value);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** Common Log Format: `07/Jan/2030:12:00:00 +0000`. */
export function logTime(epochMs: number): string {
  const [date = "", time = ""] = new Date(epochMs).toISOString().split("T");
  const [year = "", month = "", day = ""] = date.split("-");
  return `${day}/${MONTHS[Number(month) - 1] ?? ""}/${year}:${time.slice(0, 8)} +0000`;
}
