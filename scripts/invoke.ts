/** Invokes one function of an app with an event, as `sam local invoke` does, without Docker. */
import { existsSync, readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { deploy, FunctionFailed, testCloud } from "../local/testing.ts";
import { knownApp, ROOT } from "./cli/apps.ts";
import { type Command, Misuse } from "./cli/command.ts";
import { milliseconds, paint } from "./cli/terminal.ts";

const command: Command = {
  says: "Deploys an app on a fresh local cloud and invokes one of its functions. The result is on stdout, logs and timing on stderr.",
  usage: "npm run invoke -- <app> <Function> [--event <file> | < event.json]",
  options: {
    event: {
      type: "string",
      short: "e",
      value: "file",
      says: "the event, JSON; without it stdin is read. ${LogicalId} in it stands for that resource's physical id",
    },
    parameters: { type: "string", value: "Name=value,…", says: "template parameters beside their defaults" },
  },
  examples: [
    "npm run invoke -- difference-checker FindChanges --event events/difference-checker/find-changes.json",
    `echo '{"day":"2030-01-07"}' | npm run invoke -- difference-checker FindChanges`,
  ],
  async run({ options, words: [name, functionId] }) {
    const appName = knownApp(name);
    const parameters = parametersOf(options["parameters"]);
    const source = await readEvent(options["event"]);
    await using cloud = await testCloud({ startAt: Date.now() });
    const ran: { durationMs: number; coldStart: boolean }[] = [];
    cloud.signals.on("lambda.invoked", (invocation) => void ran.push(invocation));
    const app = await deploy(appName, { cloud, parameters });
    const functions = app.functions;
    if (functionId === undefined || !functions.includes(functionId)) {
      throw new Misuse(
        `${functionId === undefined ? "Which function?" : `${appName} has no function "${functionId}".`} Functions: ${functions.join(", ")}`,
      );
    }
    try {
      const result = await app.invoke(functionId, app.event(source));
      await showLogs(app.logs(functionId));
      console.log(JSON.stringify(result, undefined, 2));
      return 0;
    } catch (error) {
      await showLogs(app.logs(functionId));
      if (!(error instanceof FunctionFailed)) throw error;
      console.error(`${paint("red", "The function failed:", process.stderr)} ${error.name}: ${error.message}`);
      return 1;
    } finally {
      const [first] = ran;
      if (first)
        console.error(
          paint("dim", `${milliseconds(first.durationMs)}${first.coldStart ? ", cold start" : ""}`, process.stderr),
        );
    }
  },
};

export default command;

async function readEvent(file: string | boolean | undefined): Promise<string> {
  if (typeof file === "string") {
    const path = resolve(ROOT, file);
    if (!existsSync(path)) throw new Misuse(`There is no file ${relative(ROOT, path)}`);
    return checked(readFileSync(path, "utf8"), file);
  }
  if (process.stdin.isTTY) return "{}";
  return checked((await text(process.stdin)) || "{}", "stdin");
}

function checked(source: string, from: string): string {
  try {
    JSON.parse(source);
    return source;
  } catch (error) {
    throw new Misuse(`${from} is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function parametersOf(value: string | boolean | undefined): Record<string, string> {
  if (typeof value !== "string") return {};
  return Object.fromEntries(
    value.split(",").map((pair) => {
      const [name = "", ...rest] = pair.split("=");
      if (rest.length === 0) throw new Misuse(`--parameters takes Name=value pairs, not "${pair}"`);
      return [name, rest.join("=")];
    }),
  );
}

async function showLogs(reading: ReturnType<Awaited<ReturnType<typeof deploy>>["logs"]>): Promise<void> {
  for (const { message } of await reading) console.error(paint("dim", message, process.stderr));
}
