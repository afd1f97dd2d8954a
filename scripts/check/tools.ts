/** Gates that are programs of their own. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { appNames, ROOT } from "../cli/apps.ts";
import type { Gate } from "./gate.ts";

const MOST_LINES = 40;

/** Runs a program in the root folder; answers what it printed, and undefined where it is not installed. */
async function run(
  program: string,
  args: readonly string[],
): Promise<{ ok: boolean; lines: readonly string[] } | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      cwd: ROOT,
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      shell: process.platform === "win32",
    });
    let output = "";
    child.stdout.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (output += chunk.toString()));
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(undefined) : reject(error)));
    child.on("exit", (code) =>
      resolve({
        ok: code === 0,
        lines: output.split("\n").filter((line) => line.trim() !== "" && !line.startsWith("npm warn")),
      }),
    );
  });
}

const ofRepository = (name: string, bin: string, args: readonly string[]): Gate => ({
  name,
  async check() {
    const result = await run(join(ROOT, "node_modules", ".bin", bin), args);
    if (!result) return [`${bin} is not installed: npm ci`];
    return result.ok ? [] : result.lines.slice(0, MOST_LINES);
  },
});

/** Python's checkers, where they are installed; what they print counts. */
const whereInstalled = (name: string, program: string, args: () => readonly string[]): Gate => ({
  name,
  async check() {
    const result = await run(program, args());
    if (!result) return [`skipped: ${program} is not installed (pip install ${program})`];
    return result.ok ? [] : result.lines.slice(0, MOST_LINES);
  },
});

export const toolGates: readonly Gate[] = [
  ofRepository("types", "tsc", ["-p", "."]),
  ofRepository("lint", "oxlint", ["--quiet"]),
  ofRepository("formatting", "prettier", ["--check", "--log-level", "warn", "."]),
  ofRepository("unused code", "knip", ["--no-progress", "--no-config-hints"]),
  whereInstalled("cfn-lint", "cfn-lint", () => [
    "--non-zero-exit-code",
    "error",
    ...appNames().map((app) => join("apps", app, "template.yaml")),
  ]),
];

/** Runs what each app's proofs call its uses: what a template grants and none of them needs is named. */
export const grantGate: Gate = ofRepository("every grant is used", "vitest", [
  "run",
  "--silent",
  "--reporter=dot",
  "--testNamePattern=grants nothing that it does not use",
  "tests/proofs.test.ts",
]);
