/** moto_server, installed by pip into an environment that is kept in `.local/`, and started in a process of its own. */
import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { ROOT } from "../../cli/apps.ts";
import { type Server, serverOf } from "./server.ts";

const VERSION = "5.2.1";
const FOLDER = join(ROOT, ".local", `moto-${VERSION}`);
const PATIENCE_MS = 60_000;

/** Answers why not, where there is no Python or nothing to install from. */
export async function startMoto(): Promise<Server | string> {
  const bin = join(FOLDER, process.platform === "win32" ? "Scripts" : "bin");
  const program = join(bin, "moto_server");
  if (!existsSync(program)) {
    const reason =
      failureOf("python3", ["-m", "venv", FOLDER]) ??
      failureOf(join(bin, "python"), ["-m", "pip", "install", "--quiet", `moto[server]==${VERSION}`]);
    if (reason !== undefined) return reason;
  }
  const port = await freePort();
  const child = spawn(program, ["-H", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const endpoint = `http://127.0.0.1:${port}`;
  const reset = async () => void (await fetch(`${endpoint}/moto-api/reset`, { method: "POST" }));
  const server = { ...serverOf(child, endpoint), reset };
  const end = Date.now() + PATIENCE_MS;
  while (Date.now() < end) {
    // Without this setting executions never end.
    const body = JSON.stringify({ stepfunctions: { execute_state_machine: true } });
    const answer = await fetch(`${endpoint}/moto-api/config`, { method: "POST", body }).catch(() => undefined);
    if (answer?.ok) return server;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await server.stop();
  return "moto_server did not start";
}

/** The first line of what a program says when it fails. */
function failureOf(program: string, words: readonly string[]): string | undefined {
  const { status, error, stderr } = spawnSync(program, words, { encoding: "utf8" });
  if (status === 0) return undefined;
  return `${program} ${words.join(" ")}: ${error?.message ?? stderr.trim().split("\n")[0]}`;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
