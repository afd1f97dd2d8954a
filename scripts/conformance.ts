/**
 * Writes the table of services and operations into local/README.md, from the handlers themselves.
 * `node scripts/conformance.ts` rewrites it, `--check` only says whether it is stale.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { format, resolveConfig } from "prettier";
import { type LocalCloud, startCloud } from "../local/cloud.ts";
import { ROOT } from "./cli/apps.ts";

const FILE = join(ROOT, "local", "README.md");
const BEGIN = "<!-- conformance -->";
const END = "<!-- end of conformance -->";

/** Names of all operations that the SDK's client knows. */
const operationsOf = (sdk: object): string[] =>
  Object.keys(sdk).flatMap((name) =>
    /^[A-Z]\w*Command$/.test(name) && !name.startsWith("$") ? [name.replace(/Command$/, "")] : [],
  );

async function tableOf(cloud: LocalCloud): Promise<string> {
  const rows: string[] = [];
  for (const { id, resources } of cloud.dispatcher.entries) {
    const service = await cloud.dispatcher.load(id);
    const all = operationsOf(service.sdk as object);
    const done = Object.keys(service.handlers)
      .filter((name) => all.includes(name))
      .sort();
    const types = resources.map((type) => `\`${type}\``).join(", ");
    rows.push(`| ${id} | ${done.length} of ${all.length} | ${done.join(", ")} | ${types} |`);
  }
  return ["| service | operations | done | resource types |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** The page with a fresh table. */
export async function freshPage(): Promise<{ readonly present: string; readonly fresh: string }> {
  const cloud = await startCloud({ virtual: true, log: { info() {}, warn() {}, error() {} } });
  try {
    const present = readFileSync(FILE, "utf8");
    const [before, after] = [present.indexOf(BEGIN), present.indexOf(END)];
    if (before < 0 || after < before) throw new Error(`local/README.md has lost the markers ${BEGIN} and ${END}`);
    const page = `${present.slice(0, before + BEGIN.length)}\n\n${await tableOf(cloud)}\n\n${present.slice(after)}`;
    return { present, fresh: await format(page, { ...(await resolveConfig(FILE)), parser: "markdown" }) };
  } finally {
    await cloud.stop();
  }
}

if (import.meta.main) {
  const { present, fresh } = await freshPage();
  const isStale = present !== fresh;
  if (!process.argv.includes("--check")) writeFileSync(FILE, fresh);
  console.log(isStale ? "local/README.md was stale" : "local/README.md is up to date");
  if (isStale && process.argv.includes("--check")) process.exitCode = 1;
}
