/** The sample events of the apps, `events/<app>/<function>.json`, in which `${LogicalId}` stands for a physical id. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { notFound } from "./route.ts";

const EVENTS = join(import.meta.dirname, "../../events");

/** File names of an app's events; those named after the function come first. None for a stack that is no app. */
export function sampleEvents(app: string, logicalId: string): string[] {
  const own = kebab(logicalId.replace(/Function$/, ""));
  return filesOf(app).sort((a, b) => Number(isOf(b, own)) - Number(isOf(a, own)) || (a < b ? -1 : 1));
}

/** The event's text. Throws NotFound. */
export function readSampleEvent(
  app: string,
  file: string,
  physicalId: (logicalId: string) => string | undefined,
): string {
  if (!filesOf(app).includes(file)) throw notFound(`There is no event ${file} for ${app}`);
  return readFileSync(join(EVENTS, app, file), "utf8").replace(
    /\$\{(\w+)\}/g,
    (whole, logicalId: string) => physicalId(logicalId) ?? whole,
  );
}

const filesOf = (app: string): string[] => {
  const folder = join(EVENTS, app);
  // Names of stacks hold letters, digits and hyphens only; anything else could lead out of the folder.
  if (!/^[-a-zA-Z0-9]+$/.test(app) || !existsSync(folder)) return [];
  return readdirSync(folder).filter((name) => name.endsWith(".json"));
};

const isOf = (file: string, name: string): boolean => file === `${name}.json` || file.startsWith(`${name}.`);

const kebab = (name: string): string => name.replace(/([a-z0-9])([A-Z])/g, "$1-$2").toLowerCase();
