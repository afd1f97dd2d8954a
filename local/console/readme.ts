/** The README of an app, `apps/<app>/README.md`. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const APPS = join(import.meta.dirname, "../../apps");

/** Undefined for a stack that is no app of this repository. */
export function readmeOf(app: string): string | undefined {
  const path = pathOf(app);
  return path === undefined ? undefined : readFileSync(path, "utf8");
}

export const hasReadme = (app: string): boolean => pathOf(app) !== undefined;

function pathOf(app: string): string | undefined {
  // Names of stacks hold letters, digits and hyphens only; anything else could lead out of the folder.
  if (!/^[-a-zA-Z0-9]+$/.test(app)) return undefined;
  const path = join(APPS, app, "README.md");
  return existsSync(path) ? path : undefined;
}
