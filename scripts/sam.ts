/** Runs the SAM CLI from an app's folder with the root samconfig.toml. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { APPS, knownApp, ROOT } from "./cli/apps.ts";
import { type Command, Misuse } from "./cli/command.ts";
import { paint } from "./cli/terminal.ts";

/** Commands that read samconfig.toml by environment. */
const CONFIGURED = new Set([
  "build",
  "deploy",
  "sync",
  "delete",
  "validate",
  "package",
  "logs",
  "traces",
  "list",
  "remote",
  "local",
]);

const command: Command = {
  says: "Runs the SAM CLI for one app: from its folder, with its environment of the root samconfig.toml.",
  usage: "npm run sam -- <app> <build|deploy|sync|validate|delete|…> [flags of SAM] [--local]",
  options: {
    local: {
      type: "boolean",
      says: "against the local cloud that `npm start` keeps up (its port from PORT, else 4566)",
    },
  },
  examples: [
    "npm run sam -- api-poller build",
    "npm run sam -- api-poller deploy --guided",
    "npm run sam -- api-poller deploy --local",
  ],
  passThrough: true,
  async run({ words: [name, verb, ...rest] }) {
    const app = knownApp(name);
    if (verb === undefined) throw new Misuse("Which command of SAM?");
    const isLocal = rest.includes("--local");
    const flags = rest.filter((flag) => flag !== "--local");
    const config =
      CONFIGURED.has(verb) && existsSync(join(ROOT, "samconfig.toml"))
        ? ["--config-file", join("..", "..", "samconfig.toml"), "--config-env", app]
        : [];
    // The two-word commands take their flags behind the second word.
    const [words, own] = ["list", "remote", "local"].includes(verb)
      ? [[verb, ...flags.slice(0, 1)], flags.slice(1)]
      : [[verb], flags];
    return run(["sam", ...words, ...config, ...own], join(APPS, app), isLocal ? localEnvironment() : {});
  },
};

export default command;

const localEnvironment = () => ({
  AWS_ENDPOINT_URL: `http://127.0.0.1:${process.env["PORT"] ?? "4566"}`,
  AWS_REGION: "us-east-1",
  // boto3, and with it SAM, reads only this one.
  AWS_DEFAULT_REGION: "us-east-1",
  AWS_ACCESS_KEY_ID: "local",
  AWS_SECRET_ACCESS_KEY: "local",
  AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
  SAM_CLI_TELEMETRY: "0",
});

function run(
  [program = "", ...args]: readonly string[],
  folder: string,
  environment: Readonly<Record<string, string>>,
): Promise<number> {
  console.error(paint("dim", `${program} ${args.join(" ")}`, process.stderr));
  return new Promise((resolve, reject) => {
    // SAM is a script with another ending on Windows, which only a shell finds.
    const child = spawn(program, args, {
      cwd: folder,
      stdio: "inherit",
      env: { ...process.env, ...environment },
      shell: process.platform === "win32",
    });
    child.on("error", (error: NodeJS.ErrnoException) =>
      reject(
        error.code === "ENOENT"
          ? new Misuse("The SAM CLI is not installed: pip install aws-sam-cli, or see the AWS SAM documentation")
          : error,
      ),
    );
    child.on("exit", (code) => resolve(code ?? 1));
  });
}
