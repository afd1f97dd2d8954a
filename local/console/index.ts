/** The console: a page at `/_console` that shows what the local cloud does, and a small JSON API below it that the page reads. */
import type { LocalCloud } from "../cloud.ts";
import { isServiceError } from "../core/errors.ts";
import type { HttpResponse } from "../core/service.ts";
import type { WireRequest } from "../gateway/wire.ts";
import type { Stacks } from "../template/stacks.ts";
import { apiRoutes } from "./api/index.ts";
import { ConsoleContext } from "./context.ts";
import { refusalOf, SAFE_HEADERS } from "./guard.ts";
import { pageFiles } from "./page-files.ts";
import { type Routes, Whole } from "./route.ts";

const PREFIX = "/_console";
const API = "/api/";

/** Serves the console of a cloud. */
export function addConsole(cloud: LocalCloud, stacks: Stacks): void {
  const files = pageFiles();
  const routes = apiRoutes(new ConsoleContext(cloud, stacks));
  cloud.addPage(PREFIX, async (request) => {
    const path = request.path.slice(PREFIX.length);
    const isApi = path.startsWith(API);
    const refusal = refusalOf(request, isApi);
    if (refusal) return json(refusal.status, { error: "Refused", message: refusal.message });
    return isApi ? answer(cloud, routes, request, path.slice(API.length - 1)) : files(request, path);
  });
}

async function answer(cloud: LocalCloud, routes: Routes, request: WireRequest, path: string): Promise<HttpResponse> {
  const method = request.method === "HEAD" ? "GET" : request.method;
  const name = `${method} ${path}`;
  const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (!route) return json(404, { error: "NotFound", message: `The console has no ${name}` });
  try {
    const value = await route({ query: request.query, body: request.body });
    return value instanceof Whole ? value.response : json(200, value ?? {});
  } catch (error) {
    if (isServiceError(error)) return json(error.status ?? 400, { error: error.name, message: error.message });
    cloud.log.error(`console ${name}`, error);
    return json(500, { error: "InternalError", message: error instanceof Error ? error.message : String(error) });
  }
}

const json = (status: number, value: unknown): HttpResponse => ({
  status,
  headers: { ...SAFE_HEADERS, "content-type": "application/json; charset=utf-8" },
  // Dates become milliseconds: the page shows them in its own way.
  body: JSON.stringify(value, function (this: Record<string, unknown>, key, shown: unknown) {
    const original = this[key];
    return original instanceof Date ? original.getTime() : shown;
  }),
});
