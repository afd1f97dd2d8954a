/** All gates in one command. */
import { conformance } from "./check/conformance.ts";
import { definitions } from "./check/definitions.ts";
import type { Gate } from "./check/gate.ts";
import { templateGates } from "./check/templates.ts";
import { grantGate, toolGates } from "./check/tools.ts";
import type { Command } from "./cli/command.ts";
import { milliseconds, paint } from "./cli/terminal.ts";

const GATES: readonly Gate[] = [...toolGates, ...templateGates, definitions, conformance, grantGate];

interface Verdict {
  readonly gate: string;
  readonly outcome: "passed" | "failed" | "skipped";
  readonly problems: readonly string[];
  readonly ms: number;
}

const command: Command = {
  says: "Checks types, lint, formatting, unused code, templates, state machine definitions, permissions that no use of an app needs, and that every app is complete.",
  usage: "npm run check [-- --json]",
  options: { json: { type: "boolean", says: "one JSON document on stdout, nothing else" } },
  async run({ options }) {
    const isJson = options["json"] === true;
    const verdicts: Verdict[] = [];
    for (const gate of GATES) {
      const verdict = await judge(gate);
      verdicts.push(verdict);
      if (!isJson) print(verdict);
    }
    const failed = verdicts.filter(({ outcome }) => outcome === "failed").length;
    if (isJson) console.log(JSON.stringify({ gates: verdicts }, undefined, 2));
    else console.log(`\n${verdicts.filter(({ outcome }) => outcome === "passed").length} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
  },
};

export default command;

async function judge({ name, check }: Gate): Promise<Verdict> {
  const began = performance.now();
  const problems = await check().catch((error: unknown) => [error instanceof Error ? error.message : String(error)]);
  const isSkipped = problems.length === 1 && (problems[0]?.startsWith("skipped: ") ?? false);
  return {
    gate: name,
    outcome: isSkipped ? "skipped" : problems.length === 0 ? "passed" : "failed",
    problems,
    ms: performance.now() - began,
  };
}

function print({ gate, outcome, problems, ms }: Verdict): void {
  const mark = { passed: paint("green", "✓"), failed: paint("red", "✗"), skipped: paint("yellow", "–") }[outcome];
  console.log(`${mark} ${gate} ${paint("dim", outcome === "skipped" ? (problems[0] ?? "") : milliseconds(ms))}`);
  if (outcome === "failed") for (const problem of problems) console.log(`    ${problem}`);
}
