/** Which method of which resource a request is for. */
import type { Method, Resource } from "@aws-sdk/client-api-gateway";
import { matchPath, type PathMatch } from "../shared-serving/path-template.ts";

export interface FoundMethod {
  readonly resource: Resource;
  readonly method: Method;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The most specific resource decides; a slash at the end counts for nothing. Undefined when it has no such method. */
export function findMethod(resources: readonly Resource[], httpMethod: string, path: string): FoundMethod | undefined {
  const trimmed = path.length > 1 ? path.replace(/\/$/, "") : path;
  let best: { readonly resource: Resource; readonly match: PathMatch } | undefined;
  for (const resource of resources) {
    if (!resource.resourceMethods || Object.keys(resource.resourceMethods).length === 0) continue;
    const match = matchPath(resource.path ?? "", trimmed);
    if (match && (!best || match.rank < best.match.rank)) best = { resource, match };
  }
  const method = best?.resource.resourceMethods?.[httpMethod] ?? best?.resource.resourceMethods?.["ANY"];
  return best && method && { resource: best.resource, method, pathParameters: best.match.parameters };
}
