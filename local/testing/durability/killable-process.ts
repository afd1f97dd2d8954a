/** Processes that are killed as an operating system kills: without a word. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";

/** Where the commands of this repository keep compiled code: it halves what a start costs. A program has to flush it. */
const COMPILED = join(import.meta.dirname, "../../../.local/compile-cache");

export interface KillableProcess {
  readonly stdout: NonNullable<ChildProcess["stdout"]>;
  kill(): Promise<void>;
}

export function startProcess(program: string, folder: string): KillableProcess {
  const child = spawn(process.execPath, [program, folder], {
    stdio: ["ignore", "pipe", "inherit"],
    env: { NODE_COMPILE_CACHE: COMPILED, ...process.env },
  });
  return {
    stdout: child.stdout,
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}
