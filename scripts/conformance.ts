/**
 * Writes the services and their operations into local/README.md, from the handlers themselves.
 * `node scripts/conformance.ts` rewrites them, `--check` only says whether they are stale.
 */
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { type LocalCloud, startCloud } from "../local/cloud.ts";
import { ROOT } from "./cli/apps.ts";

const FILE = join(ROOT, "local", "README.md");
const BEGIN = "<!-- conformance -->";
const END = "<!-- end of conformance -->";

interface Conformance {
  readonly id: string;
  readonly done: readonly string[];
  /** Operations with members of their input that nothing in the service's code names. */
  readonly partial: Readonly<Record<string, readonly string[]>>;
  readonly missing: readonly string[];
  readonly types: readonly string[];
}

/** Names of all operations that the SDK's client knows. */
const operationsOf = (sdk: object): string[] =>
  Object.keys(sdk).flatMap((name) =>
    /^[A-Z]\w*Command$/.test(name) && !name.startsWith("$") ? [name.replace(/Command$/, "")] : [],
  );

async function conformanceOf(cloud: LocalCloud): Promise<Conformance[]> {
  const found: Conformance[] = [];
  for (const { id, resources } of cloud.dispatcher.entries) {
    const service = await cloud.dispatcher.load(id);
    const { operations } = await cloud.gateway.schema(id);
    const all = operationsOf(service.sdk as object).sort();
    const handlers = new Set(Object.keys(service.handlers));
    const words = wordsOf(id);
    const ignored = (name: string): readonly string[] => {
      const input = operations.get(name)?.input;
      return input?.isStructSchema()
        ? [...input.structIterator()].map(([member]) => member).filter((member) => !words.has(member))
        : [];
    };
    const there = all.filter((name) => handlers.has(name));
    found.push({
      id,
      done: there.filter((name) => ignored(name).length === 0),
      partial: Object.fromEntries(
        there.flatMap((name) => {
          const members = ignored(name);
          return members.length === 0 ? [] : [[name, members] as const];
        }),
      ),
      missing: all.filter((name) => !handlers.has(name)),
      types: resources,
    });
  }
  return found;
}

/** Every word in the code of a service, tests aside. */
function wordsOf(id: string): ReadonlySet<string> {
  const files = globSync(`local/services/${id}/**/*.ts`, { cwd: ROOT }).filter(
    (file) => !/\btesting\b|\.test\.ts$/.test(file),
  );
  return new Set(files.flatMap((file) => readFileSync(join(ROOT, file), "utf8").match(/\w+/g) ?? []));
}

/** A row a service, and below the table the names, folded up. */
function described(services: readonly Conformance[]): string {
  const rows = services.map(
    ({ id, done, partial, missing, types }) =>
      `| ${id} | ${done.length} | ${Object.keys(partial).length} | ${missing.length} | ${types.length} |`,
  );
  const table = [
    "| service | done | partial | not there | resource types |",
    "| --- | --: | --: | --: | --: |",
    ...rows,
  ];
  return [table.join("\n"), ...services.map(namesOf)].join("\n\n");
}

const namesOf = ({ id, done, partial, missing, types }: Conformance): string => {
  const partly = Object.entries(partial).map(([name, members]) => `${name} (${members.join(", ")})`);
  return [
    `<details><summary>${id}</summary>`,
    ...(done.length > 0 ? [`**Done**: ${listed(done)}`] : []),
    ...(partly.length > 0 ? [`**Partial**, without the members named: ${listed(partly)}`] : []),
    ...(missing.length > 0 ? [`**Not there**: ${listed(missing)}`] : []),
    ...(types.length > 0 ? [`**Resource types**: ${listed(types.map((type) => `\`${type}\``))}`] : []),
    "</details>",
  ].join("\n\n");
};

const WIDTH = 120;
/** Names with commas, broken into lines of that width. */
const listed = (names: readonly string[]): string => {
  const lines = [""];
  for (const word of names.join(", ").split(" ")) {
    const line = lines.at(-1) ?? "";
    // The first line starts behind its title.
    const taken = lines.length === 1 ? "**Partial**, without the members named: ".length + line.length : line.length;
    if (line !== "" && taken + 1 + word.length > WIDTH) lines.push(word);
    else lines[lines.length - 1] = line === "" ? word : `${line} ${word}`;
  }
  return lines.join("\n");
};

/** The page as it is and as the handlers would have it. Throws when the page has lost its markers. */
export async function freshPage(): Promise<{ readonly present: string; readonly fresh: string }> {
  const cloud = await startCloud({ virtual: true, log: { info() {}, warn() {}, error() {} } });
  try {
    const present = readFileSync(FILE, "utf8");
    return { present, fresh: await refreshed(present, await conformanceOf(cloud)) };
  } finally {
    await cloud.stop();
  }
}

/** The page with these services between its markers. Throws when the page has lost them. */
export async function refreshed(page: string, services: readonly Conformance[]): Promise<string> {
  const [before, after] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (before < 0 || after < before) throw new Error(`local/README.md has lost the markers ${BEGIN} and ${END}`);
  const text = `${page.slice(0, before + BEGIN.length)}\n\n${described(services)}\n\n${page.slice(after)}`;
  return format(text, { ...(await resolveConfig(FILE)), parser: "markdown" });
}

if (import.meta.main) {
  const { present, fresh } = await freshPage();
  const isStale = present !== fresh;
  const isCheck = process.argv.includes("--check");
  if (isStale && !isCheck) writeFileSync(FILE, fresh);
  console.log(
    isStale ? `local/README.md was stale${isCheck ? "" : " and is up to date now"}` : "local/README.md is up to date",
  );
  if (isStale && isCheck) process.exitCode = 1;
}
