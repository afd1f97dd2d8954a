/** Keeps the local cloud up, with apps deployed on it and taken up again when their files change. */
import { resolve } from "node:path";
import { startCloud } from "../local/cloud.ts";
import { createStacks } from "../local/template/stacks.ts";
import { APPS, appNames, knownApp, ROOT } from "./cli/apps.ts";
import { type Command, Misuse, wholeNumber } from "./cli/command.ts";
import { tableOf } from "./cli/fault-table.ts";
import { createProgress, milliseconds, paint } from "./cli/terminal.ts";
import { watchApps } from "./cli/watch.ts";

const command: Command = {
  says: "Starts the local cloud and deploys apps on it; it stays up until Ctrl-C. A saved file is deployed within a second.",
  usage: "npm start [-- <app> …] [-- --port <port>] [--data <folder>] [--empty]",
  options: {
    port: { type: "string", value: "port", says: "the port on 127.0.0.1 (4566)" },
    data: { type: "string", value: "folder", says: "keeps the state in this folder over restarts" },
    empty: { type: "boolean", says: "deploys no app" },
  },
  examples: ["npm start", "npm start -- api-poller", "npm start -- --data .local/data --port 4600"],
  async run({ options, words }) {
    const port = wholeNumber("port", options["port"], 4566, 1, 65_535);
    const apps = options["empty"] === true ? [] : words.length > 0 ? words.map(knownApp) : appNames();
    const folder = options["data"];
    const cloud = await startCloud({
      port,
      traces: true,
      ...(typeof folder === "string" ? { dataFolder: resolve(ROOT, folder) } : {}),
    }).catch((error: unknown) => {
      if (error instanceof Error && "code" in error && error.code === "EADDRINUSE")
        throw new Misuse(`Port ${port} is taken. Another one: npm start -- --port ${port + 1}`);
      throw error;
    });
    const { addConsole } = await import("../local/console/index.ts");
    const stacks = createStacks(cloud, cloud.providerOf);
    addConsole(cloud, stacks);
    const progress = createProgress();
    const deployApp = async (app: string): Promise<void> => {
      const began = performance.now();
      progress.say(`deploying ${app}`);
      try {
        const stack = await stacks.deploy({ name: app, file: resolve(APPS, app, "template.yaml") });
        progress.clear();
        console.log(
          `${paint("green", "✓")} ${app} ${paint("dim", `deployed in ${milliseconds(performance.now() - began)}`)}`,
        );
        for (const warning of stack.warnings) console.log(paint("yellow", `  warning: ${warning}`));
        for (const [name, value] of Object.entries(stack.outputs)) console.log(paint("dim", `  ${name} = ${value}`));
      } catch (error) {
        progress.clear();
        console.error(`${paint("red", "✗")} ${app}: ${error instanceof Error ? error.message : String(error)}`);
      }
    };
    for (const app of apps) await deployApp(app);
    const stopWatching = watchApps(apps, deployApp);
    welcome(cloud.endpoint, typeof folder === "string" ? folder : undefined);
    await interrupted();
    stopWatching();
    const faults = cloud.faults.list();
    if (faults.length > 0) console.log(`\nFailures on purpose:\n${tableOf(faults)}`);
    const missing = await cloud.stop();
    if (missing.length > 0)
      console.log(`\nAsked for and not implemented:\n${missing.map((operation) => `  ${operation}`).join("\n")}`);
    return 0;
  },
};

export default command;

function welcome(endpoint: string, folder: string | undefined): void {
  console.log(`
The local cloud is up at ${paint("bold", endpoint)}, account 123456789012, region us-east-1. Ctrl-C ends it${folder === undefined ? "; its state is in memory" : `; its state is kept in ${folder}`}.

  page       ${endpoint}/_console
  SDK, CLI   export AWS_ENDPOINT_URL=${endpoint} AWS_REGION=us-east-1 AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=local AWS_SECRET_ACCESS_KEY=local AWS_DISABLE_HOST_PREFIX_INJECTION=true
  SAM        npm run sam -- <app> <build|deploy|…> --local
`);
}

const interrupted = (): Promise<void> =>
  new Promise((resolve) => {
    process.once("SIGINT", () => resolve());
    process.once("SIGTERM", () => resolve());
  });
