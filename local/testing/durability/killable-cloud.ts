/** A local cloud with a data folder in a process of its own, which can be killed as an operating system kills: without a word. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

type ClientConstructor<C> = new (config: Readonly<Record<string, unknown>>) => C;

export interface KillableCloud {
  /** An SDK client that never repeats a call: what was not acknowledged stays so. */
  client<C>(Client: ClientConstructor<C>): C;
  /** From the start of the process to the first answer. */
  readonly startMs: number;
  kill(): Promise<void>;
}

export async function startKillable(folder: string): Promise<KillableCloud> {
  const began = performance.now();
  const child = spawn(process.execPath, [import.meta.filename, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const endpoint = await firstLine(child);
  return {
    startMs: performance.now() - began,
    client: (Client) =>
      new Client({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "AKIALOCALACCOUNT0000", secretAccessKey: "local" },
        forcePathStyle: true,
        maxAttempts: 1,
      }),
    kill: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

/** What a child process says first. Throws when it ends before. */
async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error("The child has no stdout");
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Error("The local cloud ended before it was up");
}

if (import.meta.main) {
  const { startCloud } = await import("../../cloud.ts");
  const [, , dataFolder = ""] = process.argv;
  const warn = (message: string, error?: unknown) => console.error(message, error ?? "");
  const cloud = await startCloud({ dataFolder, log: { info: () => {}, warn, error: warn } });
  console.log(cloud.endpoint);
}
