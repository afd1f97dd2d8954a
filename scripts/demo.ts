/** Deploys apps on a local cloud in virtual time, drives each on real input and shows what came out. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { deploy, type Demo, type TestCloud, testCloud } from "../local/testing.ts";
import { APPS, appNames, knownApp, ROOT } from "./cli/apps.ts";
import type { Command } from "./cli/command.ts";
import { createStage, type Shown } from "./cli/stage.ts";
import { createProgress, milliseconds, paint, type Progress, span, table } from "./cli/terminal.ts";

interface Outcome {
  readonly app: string;
  readonly ok: boolean;
  readonly error?: string;
  readonly deployMs: number;
  readonly runMs: number;
  /** How much virtual time passed. */
  readonly virtualMs: number;
  readonly invocations: number;
  readonly warnings: readonly string[];
  readonly shown: readonly Shown[];
}

const command: Command = {
  says: "Runs the apps end to end on the local cloud, from their own templates, on real input. No account, Docker or internet.",
  usage: "npm run demo [-- <app> …] [-- --json]",
  options: { json: { type: "boolean", says: "one JSON document on stdout, nothing else" } },
  examples: ["npm run demo", "npm run demo -- face-blur", "npm run demo -- --json > demo.json"],
  async run({ options, words }) {
    const isJson = options["json"] === true;
    const apps = words.length > 0 ? words.map(knownApp) : appNames();
    const progress = createProgress();
    const outcomes: Outcome[] = [];
    for (const app of apps) {
      if (!isJson) console.log(`\n${paint("bold", `━━ ${app} `.padEnd(78, "━"))}`);
      outcomes.push(await perform(app, isJson, progress));
    }
    const failed = outcomes.filter(({ ok }) => !ok);
    if (isJson) console.log(JSON.stringify({ apps: outcomes }, undefined, 2));
    else conclude(outcomes);
    return failed.length === 0 ? 0 : 1;
  },
};

export default command;

async function perform(name: string, isJson: boolean, progress: Progress): Promise<Outcome> {
  const shown: Shown[] = [];
  const print = isJson ? () => {} : (text: string) => console.log(text);
  rmSync(join(ROOT, ".demo", name), { recursive: true, force: true });
  progress.say(`${name}: starting the local cloud and deploying`);
  const startedAt = performance.now();
  let deployedAt = startedAt;
  let invocations = 0;
  let virtualMs = 0;
  let warnings: readonly string[] = [];
  let cloud: TestCloud | undefined;
  try {
    const { default: play, parameters = {}, traces = false } = await loadDemo(name);
    cloud = await testCloud({ traces });
    cloud.signals.on("lambda.invoked", () => void invocations++);
    const app = await deploy(name, { cloud, parameters });
    deployedAt = performance.now();
    warnings = app.warnings;
    progress.clear();
    const begin = cloud.clock.now();
    const stage = createStage(app, { print, progress, shown });
    await play(stage);
    virtualMs = cloud.clock.now() - begin;
    progress.clear();
    const ended = performance.now();
    print(
      paint(
        "dim",
        `   deployed in ${milliseconds(deployedAt - startedAt)}, ran in ${milliseconds(ended - deployedAt)} (${span(virtualMs)} on the cloud's clock), ${invocations} invocations`,
      ),
    );
    for (const warning of warnings) print(paint("yellow", `   warning: ${warning}`));
    return {
      app: name,
      ok: true,
      deployMs: deployedAt - startedAt,
      runMs: ended - deployedAt,
      virtualMs,
      invocations,
      warnings,
      shown,
    };
  } catch (error) {
    progress.clear();
    const message = error instanceof Error ? (error.stack ?? error.message) : String(error);
    print(`${paint("red", "   failed:")} ${message}`);
    for (const line of cloud?.logged.slice(-10) ?? []) print(paint("dim", `   cloud: ${line}`));
    return {
      app: name,
      ok: false,
      error: message,
      deployMs: deployedAt - startedAt,
      runMs: performance.now() - deployedAt,
      virtualMs,
      invocations,
      warnings,
      shown,
    };
  } finally {
    await cloud?.stop();
  }
}

interface DemoModule {
  readonly default: Demo;
  /** Template parameters that the demo needs. */
  readonly parameters?: Readonly<Record<string, string>>;
  /** Whether it shows traces: collecting them makes every start of a function slower. */
  readonly traces?: boolean;
}

async function loadDemo(name: string): Promise<DemoModule> {
  const file = join(APPS, name, "demo.ts");
  if (!existsSync(file)) throw new Error(`apps/${name}/demo.ts is missing`);
  return (await import(pathToFileURL(file).href)) as DemoModule;
}

function conclude(outcomes: readonly Outcome[]): void {
  const rows = outcomes.map(({ app, ok, deployMs, runMs, virtualMs, invocations }) => [
    app,
    ok ? paint("green", "ok") : paint("red", "failed"),
    milliseconds(deployMs),
    milliseconds(runMs),
    span(virtualMs),
    String(invocations),
  ]);
  console.log(`\n${table(["app", "outcome", "deployed", "ran", "cloud time", "invocations"], rows)}\n`);
  const failed = outcomes.filter(({ ok }) => !ok).map(({ app }) => app);
  console.log(
    failed.length === 0
      ? paint("green", `${outcomes.length} apps ran end to end.`)
      : paint("red", `${failed.length} of ${outcomes.length} apps failed: ${failed.join(", ")}`),
  );
}
