/** Starts the local cloud and drives it with boto3 as an outside client: `node scripts/smoke/run.ts`. Needs Python with boto3. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { startCloud } from "../../local/cloud.ts";

/** The exit code; undefined where the program is not there. */
function run(program: string, args: readonly string[], stdio: "inherit" | "ignore"): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio });
    child.on("error", (error: NodeJS.ErrnoException) => (error.code === "ENOENT" ? resolve(undefined) : reject(error)));
    child.on("exit", (code) => resolve(code ?? 1));
  });
}

/** The first Python that has boto3: that of a virtual environment first in PATH, or the system's. */
async function pythonWithBoto3(): Promise<string | undefined> {
  for (const folder of (process.env["PATH"] ?? "").split(":")) {
    const python = join(folder, "python3");
    if ((await run(python, ["-c", "import boto3"], "ignore")) === 0) return python;
  }
  return undefined;
}

const python = await pythonWithBoto3();
if (python === undefined) console.log("smoke: skipped: there is no Python with boto3 (pip install boto3)");
else {
  const cloud = await startCloud({ port: 0 });
  try {
    process.exitCode = (await run(python, [join(import.meta.dirname, "clients.py"), cloud.endpoint], "inherit")) ?? 1;
  } finally {
    const missing = await cloud.stop();
    if (missing.length > 0) console.log(`not implemented: ${missing.join(", ")}`);
  }
}
