import module from "node:module";
import { fileURLToPath } from "node:url";

// Runs a command of this repository: `node scripts/run.mjs demo`. Plain JavaScript, so that an old Node can say what it lacks.
const [major] = process.versions.node.split(".").map(Number);
if (major < 22) {
  console.error(
    `Node ${process.versions.node} is too old: the commands need Node 22.18 or newer. "npm ci" brings one along unless install scripts are off (npm config get ignore-scripts); then: npm install-scripts approve node && npm rebuild node`,
  );
  process.exit(1);
}
const [command, ...rest] = process.argv.slice(2);
process.argv = [process.argv[0], command, ...rest];
// TypeScript without its types, and compiled: starting takes half the time. Child processes find it too.
const cache = fileURLToPath(new URL("../.local/compile-cache", import.meta.url));
process.env.NODE_COMPILE_CACHE ??= cache;
module.enableCompileCache(process.env.NODE_COMPILE_CACHE);
const { runCommand } = await import("./cli/run-command.ts");
await runCommand(command, rest);
