/** A server in a process of its own, and clients for it. As a program: an empty local cloud on a free port, which it prints. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

type ClientConstructor<C> = new (config: Readonly<Record<string, unknown>>) => C;

export interface Server {
  client<C>(Client: ClientConstructor<C>): C;
  /** How long calls of all clients have waited for answers so far, in ms: without what the client itself does for a call. */
  waited(): number;
  /** Forgets everything, where that is needed between two measurements. */
  reset?(): Promise<void>;
  stop(): Promise<void>;
}

export async function startLocalCloud(): Promise<Server> {
  const child = spawn(process.execPath, [import.meta.filename], { stdio: ["ignore", "pipe", "inherit"] });
  for await (const endpoint of createInterface({ input: child.stdout })) return serverOf(child, endpoint);
  throw new Error("The local cloud ended before it was up");
}

/** What the clients of all services have in common. */
interface WithStack {
  readonly middlewareStack: {
    add(
      middleware: (next: (call: unknown) => Promise<unknown>) => (call: unknown) => Promise<unknown>,
      options: { step: "deserialize"; priority: "low" },
    ): void;
  };
}

export function serverOf(child: ChildProcess, endpoint: string): Server {
  let waited = 0;
  const measure = (next: (call: unknown) => Promise<unknown>) => async (call: unknown) => {
    const began = performance.now();
    try {
      return await next(call);
    } finally {
      waited += performance.now() - began;
    }
  };
  return {
    client: (Client) => {
      const client = new Client({
        endpoint,
        region: "us-east-1",
        credentials: { accessKeyId: "AKIALOCALACCOUNT0000", secretAccessKey: "local" },
        forcePathStyle: true,
      });
      // The innermost place: behind it is only the connection.
      (client as WithStack).middlewareStack.add(measure, { step: "deserialize", priority: "low" });
      return client;
    },
    waited: () => waited,
    stop: async () => {
      if (child.exitCode !== null) return;
      const exited = once(child, "exit");
      child.kill("SIGKILL");
      await exited;
    },
  };
}

if (import.meta.main) {
  const { startCloud } = await import("../../../local/cloud.ts");
  const quiet = () => {};
  const cloud = await startCloud({ log: { info: quiet, warn: quiet, error: quiet } });
  console.log(cloud.endpoint);
}
