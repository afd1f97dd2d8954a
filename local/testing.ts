/**
 * The one door through which tests and demos of apps reach the local cloud.
 *
 * `testCloud()` is an empty cloud in virtual time; `deploy("app")` has one app on it, from its own template.
 */
import type { LocalCloud } from "./cloud.ts";
import { startCloud, type CloudOptions } from "./cloud.ts";
import type { Log } from "./core/cloud.ts";
import { deployLocally, type DeployOptions, type LocalApp } from "./testing/local-app.ts";

export type { Fault, FaultHandle } from "./core/faults.ts";
export type { DeployOptions, LocalApp } from "./testing/local-app.ts";
export { FunctionFailed } from "./testing/app.ts";
export type { App, LogLine } from "./testing/app.ts";
export type { Demo, Stage } from "./testing/stage.ts";

type ClientConstructor<C> = new (config: Readonly<Record<string, unknown>>) => C;

export interface TestCloud extends LocalCloud, AsyncDisposable {
  /** An SDK client of the account on this cloud, the same one whenever no `config` is given. Example: `cloud.client(SQSClient)`. */
  client<C>(Client: ClientConstructor<C>, config?: Readonly<Record<string, unknown>>): C;
  /** Warnings and errors that the cloud logged. */
  readonly logged: readonly string[];
}

/** An empty cloud in virtual time, the same from run to run. Use with `await using`. */
export async function testCloud(options: CloudOptions = {}): Promise<TestCloud> {
  const logged: string[] = [];
  const log: Log = {
    info: () => {},
    warn: (message) => void logged.push(message),
    error: (message, error) =>
      void logged.push(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : String(error ?? "")}`),
  };
  const cloud = await startCloud({ virtual: true, startAt: Date.UTC(2030, 0, 7, 12), seed: 1, log, ...options });
  // A client is a dear thing: its configuration is looked up in many places, and it opens connections of its own.
  const clients = new Map<unknown, unknown>();
  const client = <C>(Client: ClientConstructor<C>, config?: Readonly<Record<string, unknown>>): C => {
    if (config) return new Client({ ...clientConfig(cloud), ...config });
    if (!clients.has(Client)) clients.set(Client, new Client(clientConfig(cloud)));
    return clients.get(Client) as C; // as it was made for this very constructor
  };
  // The cloud has accessors, so it is extended in place rather than spread.
  return Object.assign(cloud, {
    logged,
    client,
    [Symbol.asyncDispose]: async () => void (await cloud.stop()),
  });
}

/** Configuration that points an SDK client at a cloud, as the account itself. */
export const clientConfig = (cloud: LocalCloud) => ({
  endpoint: cloud.endpoint,
  region: cloud.region,
  credentials: { accessKeyId: "AKIALOCALACCOUNT0000", secretAccessKey: "local" },
  forcePathStyle: true,
  // `sync-` before an IP address leads nowhere (StartSyncExecution, TestState).
  disableHostPrefix: true,
});

/** An app of this repository, deployed from its own template on a cloud of its own in virtual time. Use with `await using`. */
export async function deploy(app: string, options: DeployOptions = {}): Promise<LocalApp> {
  const cloud = options.cloud ?? (await testCloud({ traces: options.traces ?? false }));
  try {
    return await deployLocally(cloud, app, options);
  } catch (error) {
    if (!options.cloud) await cloud.stop();
    throw error;
  }
}
