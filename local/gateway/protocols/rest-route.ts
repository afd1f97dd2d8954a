/** Which operation a REST request means: method, URI template, literal query keys and required members. */
import { type Schema, type Traits, traitsOf } from "../shapes/codecs.ts";
import type { WireRequest } from "../wire.ts";
import { invalidUri } from "./object-path.ts";

export interface RoutedOperation {
  readonly name: string;
  readonly input: Schema;
  readonly output: Schema;
}

export interface Route {
  readonly operation: RoutedOperation;
  readonly method: string;
  readonly status: number;
  readonly pattern: RegExp;
  readonly labels: readonly string[];
  readonly literals: readonly (readonly [key: string, value: string | undefined])[];
  readonly requiredQuery: readonly string[];
  readonly requiredHeaders: readonly string[];
  /** How much a request must have to match; the most demanding route is tried first. */
  readonly constraints: number;
}

export interface RouteMatch {
  readonly route: Route;
  readonly labels: Readonly<Record<string, string>>;
}

/** `bucketInPath`: S3's templates leave the bucket to the host name; path style puts it first. */
export function routeOf(
  operation: RoutedOperation,
  [method, uri, status]: NonNullable<Traits["http"]>,
  bucketInPath: boolean,
): Route {
  const [template = "/", query = ""] = uri.split("?");
  const members = operation.input.isStructSchema() ? [...operation.input.structIterator()] : [];
  const hasBucket = members.some(([name]) => name === "Bucket");
  const path =
    bucketInPath && hasBucket && !template.startsWith("/{Bucket}")
      ? `/{Bucket}${template === "/" ? "" : template}`
      : template;
  const labels: string[] = [];
  const pattern = path.replace(/[.]/g, "\\.").replace(/\{(\w+)(\+?)\}/g, (_, name: string, greedy: string) => {
    labels.push(name);
    return greedy ? "(.+)" : "([^/]+)";
  });
  const literals = query
    .split("&")
    .filter((pair) => pair !== "" && !pair.startsWith("x-id="))
    .map((pair) => {
      const [key = "", value] = pair.split("=");
      return [key, value] as const;
    });
  const required = requiredMembers(operation.input);
  const requiredQuery: string[] = [];
  const requiredHeaders: string[] = [];
  for (const [name, member] of members) {
    if (!required.has(name)) continue;
    const { httpQuery, httpHeader } = traitsOf(member);
    if (httpQuery) requiredQuery.push(httpQuery);
    if (httpHeader) requiredHeaders.push(httpHeader.toLowerCase());
  }
  return {
    operation,
    method,
    status,
    pattern: new RegExp(`^${pattern}/?$`, "s"),
    labels,
    literals,
    requiredQuery,
    requiredHeaders,
    constraints:
      (literals.length + requiredQuery.length + requiredHeaders.length) * 100 +
      path.split("/").length * 10 -
      labels.length,
  };
}

/** @param routes those of the request's method. Throws InvalidURI for labels that are not percent-encoded UTF-8. */
export function matchRoute(
  routes: readonly Route[] = [],
  { path, query, headers }: Pick<WireRequest, "path" | "query" | "headers">,
): RouteMatch | undefined {
  for (const route of routes) {
    // The path comes last: most routes of S3 differ by their query, and a pattern costs more than a look.
    const found =
      route.literals.every(([key, value]) => query.has(key) && (value === undefined || query.get(key) === value)) &&
      route.requiredQuery.every((key) => query.has(key)) &&
      route.requiredHeaders.every((name) => headers[name] !== undefined) &&
      route.pattern.exec(path);
    if (!found) continue;
    return {
      route,
      labels: Object.fromEntries(route.labels.map((label, index) => [label, decodeLabel(found[index + 1] ?? "")])),
    };
  }
  return undefined;
}

/** Required members come first in a structure's static tuple: [3, namespace, name, traits, names, members, requiredCount]. */
function requiredMembers(input: Schema): ReadonlySet<string> {
  const tuple = input.getSchema() as unknown;
  if (!Array.isArray(tuple)) return new Set();
  const names = (tuple[4] ?? []) as readonly string[];
  return new Set(names.slice(0, Number(tuple[6] ?? 0)));
}

function decodeLabel(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    throw invalidUri();
  }
}
