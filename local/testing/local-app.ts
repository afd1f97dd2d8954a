/** An app on the local cloud. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { TestCloud } from "../testing.ts";
import { ACCOUNT } from "../core/principal.ts";
import type { OutboxMessage } from "../services/sns/outbox.ts";
import { createStacks } from "../template/stacks.ts";
import { type App, FunctionFailed, type LogLine } from "./app.ts";
import { takeMessages } from "./messages.ts";

export interface DeployOptions {
  /** Template parameters beside their defaults. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly stackName?: string;
  /** Collects traces, the functions' own parts included. */
  readonly traces?: boolean;
  /** Deploys onto this cloud instead of one of its own. */
  readonly cloud?: TestCloud;
}

/** The app with what only the local cloud can do: failures on purpose, the outbox, the cloud itself. */
export interface LocalApp extends App, AsyncDisposable {
  readonly cloud: TestCloud;
  /** Mails and SMS that were sent, oldest first. */
  readonly outbox: readonly OutboxMessage[];
  /** The logical ids of its functions. */
  readonly functions: readonly string[];
  /** A sample event: JSON in which `${LogicalId}` stands for the physical id of that resource. */
  event(source: string): unknown;
  /** The sample event `events/<app>/<file>`, as `event` gives it. */
  sample(file: string): unknown;
  /** The logical id of a resource with this physical id. */
  logicalIdOf(physicalId: string): string | undefined;
  /** What the deployment warned about. */
  readonly warnings: readonly string[];
}

const APPS = join(import.meta.dirname, "../../apps");
const EVENTS = join(import.meta.dirname, "../../events");

/** The folders in `apps/` that hold a template. */
export const appNames = (): string[] =>
  readdirSync(APPS)
    .filter((name) => existsSync(join(APPS, name, "template.yaml")))
    .sort();

export async function deployLocally(cloud: TestCloud, name: string, options: DeployOptions): Promise<LocalApp> {
  if (!appNames().includes(name)) throw new Error(`There is no app "${name}". Apps: ${appNames().join(", ")}`);
  const stackName = options.stackName ?? name;
  const stacks = createStacks(cloud, cloud.providerOf);
  const stack = await stacks.deploy({
    name: stackName,
    file: join(APPS, name, "template.yaml"),
    parameters: options.parameters ?? {},
  });
  const resource = (logicalId: string): string => {
    const found = stack.resources[logicalId];
    if (!found)
      throw new Error(`${name} has no resource ${logicalId}. It has: ${Object.keys(stack.resources).join(", ")}`);
    return found.physicalId;
  };
  const event = (source: string): unknown =>
    JSON.parse(source.replace(/\$\{(\w+)\}/g, (_, logicalId: string) => resource(logicalId)));
  return {
    name,
    cloud,
    outputs: stack.outputs,
    warnings: stack.warnings,
    get outbox() {
      return [...cloud.storage.map<OutboxMessage>("outbox.messages").values()];
    },
    resource,
    functions: Object.entries(stack.resources).flatMap(([id, { type }]) =>
      type === "AWS::Lambda::Function" ? [id] : [],
    ),
    event,
    sample: (file) => event(readFileSync(join(EVENTS, name, file), "utf8")),
    logicalIdOf: (physicalId) =>
      Object.entries(stack.resources).find(([, found]) => found.physicalId === physicalId)?.[0],
    client: cloud.client,
    invoke: (logicalId, event) => invoke(cloud, resource(logicalId), event),
    messages: (logicalId) => takeMessages(cloud, resource(logicalId)),
    logs: (logicalId) => logs(cloud, resource(logicalId)),
    eventually: (check, withinSeconds = 86_400) => cloud.clock.until(async () => check(), withinSeconds * 1000),
    advance: (seconds) => cloud.clock.advance(seconds * 1000),
    settle: () => cloud.clock.settle(),
    [Symbol.asyncDispose]: async () => {
      if (!options.cloud) await cloud.stop();
    },
  };
}

async function invoke(cloud: TestCloud, functionName: string, event: unknown): Promise<unknown> {
  // Called from outside: while the function waits, virtual time may move.
  const answer = await cloud.clock.waiting(
    cloud.call(
      "lambda",
      "Invoke",
      { FunctionName: functionName, Payload: Buffer.from(JSON.stringify(event ?? null)) },
      ACCOUNT,
    ),
  );
  const payload: unknown =
    answer.Payload === undefined || answer.Payload.length === 0
      ? undefined
      : JSON.parse(Buffer.from(answer.Payload).toString());
  if (answer.FunctionError) throw new FunctionFailed(payload as ConstructorParameters<typeof FunctionFailed>[0]);
  return payload;
}

async function logs(cloud: TestCloud, functionName: string): Promise<LogLine[]> {
  const { Configuration } = await cloud.call("lambda", "GetFunction", { FunctionName: functionName }, ACCOUNT);
  const lines: LogLine[] = [];
  let nextToken: string | undefined;
  do {
    const page = await cloud.call(
      "logs",
      "FilterLogEvents",
      {
        logGroupName: Configuration?.LoggingConfig?.LogGroup ?? `/aws/lambda/${functionName}`,
        ...(nextToken === undefined ? {} : { nextToken }),
      },
      ACCOUNT,
    );
    for (const { timestamp, message } of page.events ?? []) lines.push(logLine(timestamp ?? 0, message ?? ""));
    nextToken = page.nextToken;
  } while (nextToken !== undefined);
  return lines;
}

function logLine(timestamp: number, message: string): LogLine {
  const line = { timestamp: new Date(timestamp).toISOString(), message: message.trimEnd() };
  try {
    const json: unknown = JSON.parse(message);
    return { ...line, json: typeof json === "object" && json !== null ? (json as Record<string, unknown>) : undefined };
  } catch {
    return { ...line, json: undefined };
  }
}
