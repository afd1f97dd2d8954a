/** Vitest, as a process of its own that ends with its exit code. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { ROOT } from "./apps.ts";

/** `environment` is added to this process's own. */
export const runVitest = (words: readonly string[], environment: Readonly<Record<string, string>>): Promise<number> =>
  new Promise((resolve, reject) => {
    const vitest = join(ROOT, "node_modules", "vitest", "vitest.mjs");
    const env = { ...process.env, ...environment };
    const child = spawn(process.execPath, [vitest, "run", ...words], { cwd: ROOT, stdio: "inherit", env });
    child.on("error", reject);
    child.on("exit", (code) => resolve(code ?? 1));
  });
