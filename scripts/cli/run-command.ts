/** Finds a command, reads its arguments and ends with its exit code: 0 done, 1 failed, 2 used wrongly. */
import { parseArgs } from "node:util";
import { Misuse, type Command } from "./command.ts";
import { paint } from "./terminal.ts";

const COMMANDS: Readonly<Record<string, () => Promise<{ readonly default: Command }>>> = {
  start: () => import("../start.ts"),
  test: () => import("../test.ts"),
  demo: () => import("../demo.ts"),
  invoke: () => import("../invoke.ts"),
  faults: () => import("../faults.ts"),
  mail: () => import("../mail.ts"),
  traces: () => import("../traces.ts"),
  sam: () => import("../sam.ts"),
  new: () => import("../new.ts"),
  check: () => import("../check.ts"),
  bench: () => import("../bench.ts"),
  soak: () => import("../soak.ts"),
  outages: () => import("../outages.ts"),
};

export async function runCommand(name: string | undefined, args: readonly string[]): Promise<void> {
  const load = name === undefined ? undefined : COMMANDS[name];
  if (!load) {
    console.error(
      `${name === undefined ? "Which command?" : `There is no command "${name}".`} Commands: ${Object.keys(COMMANDS).join(", ")}`,
    );
    process.exitCode = 2;
    return;
  }
  const { default: command } = await load();
  try {
    process.exitCode = await run(command, args);
  } catch (error) {
    const isMisuse =
      error instanceof Misuse ||
      (error instanceof TypeError && "code" in error && String(error.code).startsWith("ERR_PARSE_ARGS"));
    const message =
      error instanceof Error ? (isMisuse ? error.message : (error.stack ?? error.message)) : String(error);
    console.error(`${paint("red", "Error:", process.stderr)} ${message}`);
    if (isMisuse) console.error(`\n${usage(command)}`);
    process.exitCode = isMisuse ? 2 : 1;
  }
}

async function run(command: Command, args: readonly string[]): Promise<number> {
  // Behind `passThrough` commands' own words come another program's flags: they are not ours to read.
  if (command.passThrough) {
    if (args[0] === "--help") return help(command);
    return command.run({ options: {}, words: args });
  }
  const { values, positionals } = parseArgs({
    args: [...args],
    options: { ...command.options, help: { type: "boolean", short: "h" } },
    allowPositionals: true,
    strict: true,
  });
  if (values["help"] === true) return help(command);
  return command.run({
    options: Object.fromEntries(
      Object.entries(values).map(([name, value]) => [name, Array.isArray(value) ? value.join(",") : value]),
    ),
    words: positionals,
  });
}

function help(command: Command): number {
  console.log(usage(command));
  return 0;
}

function usage(command: Command): string {
  const options = Object.entries(command.options ?? {}).map(
    ([name, option]) =>
      [`--${name}${option.type === "string" ? ` <${option.value ?? "value"}>` : ""}`, option.says] as const,
  );
  const width = Math.max(0, ...options.map(([name]) => name.length));
  return [
    `${command.says}\n`,
    `Usage: ${command.usage}`,
    ...(options.length > 0
      ? ["", "Options:", ...options.map(([name, says]) => `  ${name.padEnd(width)}  ${says}`)]
      : []),
    ...(command.examples ? ["", "Examples:", ...command.examples.map((example) => `  ${example}`)] : []),
  ].join("\n");
}
