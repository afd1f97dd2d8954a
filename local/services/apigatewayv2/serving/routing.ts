/** Which stage and which route a request is for ("Create routes for HTTP APIs in API Gateway"). */
import type { Route, Stage } from "@aws-sdk/client-apigatewayv2";
import { splitStage } from "../../apigateway/shared-serving/address.ts";
import { matchPath } from "../../apigateway/shared-serving/path-template.ts";
import type { StoredApi } from "../store.ts";

export interface FoundStage {
  readonly stage: Stage;
  /** Percent-encoded, without the stage. */
  readonly path: string;
}

/** The first segment names a stage; everything else belongs to `$default`. */
export function findStage(api: StoredApi, rest: string): FoundStage | undefined {
  const { stage: name, path } = splitStage(rest);
  const named = name === "$default" ? undefined : api.stages[name];
  if (named) return { stage: named, path };
  const fallback = api.stages["$default"];
  return fallback && { stage: fallback, path: rest };
}

export interface FoundRoute {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The most specific path first, then the method itself before ANY, then `$default`. */
export function findRoute(routes: readonly Route[], method: string, path: string): FoundRoute | undefined {
  let best: { readonly found: FoundRoute; readonly rank: string } | undefined;
  for (const route of routes) {
    const key = route.RouteKey ?? "";
    if (key === "$default") {
      best ??= { found: { route, pathParameters: {} }, rank: "d" };
      continue;
    }
    const [verb = "", template = ""] = key.split(" ");
    if (verb !== method && verb !== "ANY") continue;
    const match = matchPath(template, path);
    if (!match) continue;
    const rank = `${match.rank}${verb === "ANY" ? "2" : "1"}`;
    if (!best || rank < best.rank) best = { found: { route, pathParameters: match.parameters }, rank };
  }
  return best?.found;
}
