/** Runs the tests. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./cli/apps.ts";
import type { Command } from "./cli/command.ts";

const command: Command = {
  says: "Runs all tests, or those whose path contains one of the words.",
  usage: "npm test [-- <path> …] [-- flags of vitest]",
  examples: ["npm test", "npm test -- apps/api-poller", "npm test -- -t 'retention'"],
  passThrough: true,
  run: ({ words }) =>
    new Promise((resolve, reject) => {
      const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
      const child = spawn(process.execPath, [vitest, "run", ...words], { cwd: ROOT, stdio: "inherit" });
      child.on("error", reject);
      child.on("exit", (code) => resolve(code ?? 1));
    }),
};

export default command;
