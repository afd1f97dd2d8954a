/** The apps of this repository. */
import { existsSync, readdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { Misuse } from "./command.ts";

export const ROOT = resolve(import.meta.dirname, "../..");
export const APPS = join(ROOT, "apps");

/** Folders of `apps/` that hold a template, in alphabetical order. */
export const appNames = (): string[] =>
  existsSync(APPS)
    ? readdirSync(APPS)
        .filter((name) => existsSync(join(APPS, name, "template.yaml")))
        .sort()
    : [];

/** The name itself. Throws Misuse, naming the apps there are. */
export function knownApp(name: string | undefined): string {
  if (name !== undefined && appNames().includes(name)) return name;
  throw new Misuse(
    `${name === undefined ? "Which app?" : `There is no app "${name}".`} Apps: ${appNames().join(", ")}`,
  );
}
