/** The files of a new app. The patterns stand in `scripts/new/app`, where `__app__` and `__App__` stand for the name. */
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

const PATTERN = join(import.meta.dirname, "app");

const inWords = (name: string): string =>
  name
    .split("-")
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
const fill = (text: string, name: string): string =>
  text.replaceAll("__app__", name).replaceAll("__App__", inWords(name));

/** Text by path from the root. Patterns end in `.tpl`, so that no tool takes them for code. */
export function filesOf(name: string): Record<string, string> {
  const files = readdirSync(PATTERN, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    files.map(({ parentPath, name: file }) => {
      const path = relative(PATTERN, join(parentPath, file))
        .split(sep)
        .join("/")
        .replace(/\.tpl$/, "");
      const target = path.startsWith("events/") ? path.replace("events/", `events/${name}/`) : `apps/${name}/${path}`;
      return [target, fill(readFileSync(join(parentPath, file), "utf8"), name)];
    }),
  );
}

export const samconfigOf = (name: string): string =>
  fill(readFileSync(join(import.meta.dirname, "samconfig.toml.tpl"), "utf8"), name);

export const readmeRowOf = (name: string): string =>
  `| [${name}](apps/${name}/README.md) | greets whoever is named in a message | SQS, Lambda |`;
