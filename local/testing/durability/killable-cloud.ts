/** A local cloud with a data folder in a process of its own. */
import { flushCompileCache } from "node:module";
import { createInterface } from "node:readline";
import { type KillableProcess, startProcess } from "./killable-process.ts";

type ClientConstructor<C> = new (config: Readonly<Record<string, unknown>>) => C;

export interface KillableCloud {
  /** An SDK client that never repeats a call: what was not acknowledged stays so. */
  client<C>(Client: ClientConstructor<C>): C;
  kill(): Promise<void>;
}

export async function startKillable(folder: string): Promise<KillableCloud> {
  const child = startProcess(import.meta.filename, folder);
  const endpoint = await firstLine(child);
  return {
    client: (Client) =>
      new Client({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "AKIALOCALACCOUNT0000", secretAccessKey: "local" },
        forcePathStyle: true,
        maxAttempts: 1,
      }),
    kill: child.kill,
  };
}

/** What a child process says first. Throws when it ends before. */
async function firstLine({ stdout }: KillableProcess): Promise<string> {
  for await (const line of createInterface({ input: stdout })) return line;
  throw new Error("The local cloud ended before it was up");
}

if (import.meta.main) {
  const { startCloud } = await import("../../cloud.ts");
  const [, , dataFolder = ""] = process.argv;
  const warn = (message: string, error?: unknown) => console.error(message, error ?? "");
  const cloud = await startCloud({ dataFolder, log: { info: () => {}, warn, error: warn } });
  console.log(cloud.endpoint);
  // It is written at the end of a process otherwise, and this one will not come to its end.
  flushCompileCache();
}
