/** The stage on a terminal: prints what a demo shows, and keeps it for `--json`. */
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import type { LocalApp, Stage } from "../../local/testing.ts";
import { ROOT } from "./apps.ts";
import { statesOf } from "./executions.ts";
import { milliseconds, paint, type Progress } from "./terminal.ts";

export interface Shown {
  readonly kind: "input" | "step" | "path" | "result" | "file" | "check";
  readonly title: string;
  readonly lines?: readonly string[];
}

interface Output {
  readonly print: (text: string) => void;
  readonly progress: Progress;
  readonly shown: Shown[];
}

interface Invocation {
  readonly name: string;
  readonly durationMs: number;
  readonly isCold: boolean;
  readonly failed: boolean;
}

export function createStage(app: LocalApp, { print, progress, shown }: Output): Stage {
  const say = (kind: Shown["kind"], title: string, mark: string, lines: string | readonly string[] = []) => {
    progress.clear();
    const list = typeof lines === "string" ? lines.split("\n") : lines;
    shown.push({ kind, title, ...(list.length > 0 ? { lines: list } : {}) });
    print(` ${mark} ${title}`);
    for (const line of list) print(`     ${line}`);
  };
  let invocations: Invocation[] = [];
  const executions = new Set<string>();
  app.cloud.signals.on("lambda.invoked", ({ functionArn, durationMs, coldStart, failed }) =>
    invocations.push({ name: logicalName(app, functionArn), durationMs, isCold: coldStart, failed }),
  );
  app.cloud.signals.on("states.execution", ({ executionArn }) => executions.add(executionArn));
  return {
    app,
    input: (title, lines) => say("input", title, paint("cyan", "→"), lines),
    step: (text) => say("step", text, paint("dim", "·")),
    async path() {
      const lines = summarise(invocations);
      const ways = new Map<string, number>();
      for (const arn of executions) {
        const way = (await statesOf(app.cloud, arn)).join(" → ");
        ways.set(way, (ways.get(way) ?? 0) + 1);
      }
      for (const [way, count] of ways) lines.push(`states${count > 1 ? ` ×${count}` : ""}: ${way}`);
      invocations = [];
      executions.clear();
      say("path", "path", paint("dim", "⋯"), lines);
    },
    result: (title, lines) => say("result", title, paint("green", "✓"), lines),
    file(name, bytes) {
      const path = join(ROOT, ".demo", app.name, name);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, bytes);
      const shownPath = relative(ROOT, path);
      say("file", shownPath, paint("cyan", "▤"));
      return shownPath;
    },
    progress: (text) => progress.say(`${app.name}: ${text}`),
    check(claim, holds) {
      if (!holds) throw new Error(`The demo expected: ${claim}`);
      say("check", claim, paint("green", "✓"));
    },
    paint,
  };
}

/** The logical id of a function, from its ARN. */
const logicalName = (app: LocalApp, arn: string): string => app.logicalIdOf(arn.split(":")[6] ?? "") ?? arn;

/** One line a function: how often it ran and how long. */
function summarise(invocations: readonly Invocation[]): string[] {
  const byName = Map.groupBy(invocations, ({ name }) => name);
  return [...byName].map(([name, runs]) => {
    const total = runs.reduce((sum, { durationMs }) => sum + durationMs, 0);
    const failed = runs.filter((run) => run.failed).length;
    const cold = runs.filter(({ isCold }) => isCold).length;
    return `${name} ×${runs.length}  ${milliseconds(total / runs.length)} each${cold > 0 ? `, ${cold} cold` : ""}${failed > 0 ? `, ${failed} failed` : ""}`;
  });
}
