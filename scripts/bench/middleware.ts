/**
 * What the middleware costs: size of a bundle, time to start, time of a warm invocation. Times are compared in pairs, one run of
 * the SDK client alone next to one run of the whole handler, so that a busy machine slows down both.
 *
 * `node scripts/bench/middleware.ts [--json]`; fails when a budget is exceeded.
 */
import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";

const ROOT = resolve(import.meta.dirname, "../..");

export const BUDGETS = { bundleKilobytes: 800, startRatio: 1.6, warmMilliseconds: 0.2 } as const;

/** The biggest client, one of middle size and a small one; a function of each service that the apps use lies in between. */
export const CLIENTS = {
  s3: ["@aws-sdk/client-s3", "S3Client"],
  dynamodb: ["@aws-sdk/client-dynamodb", "DynamoDBClient"],
  sqs: ["@aws-sdk/client-sqs", "SQSClient"],
} as const;
export type ClientName = keyof typeof CLIENTS;

export interface Cost {
  readonly client: ClientName;
  readonly tracing: boolean;
  readonly clientKilobytes: number;
  readonly bundleKilobytes: number;
  /** Median of the paired ratios, whole handler to client alone: loading, making the client, first invocation. */
  readonly startRatio: number;
  readonly startMilliseconds: number;
  readonly warmMilliseconds: number;
}

const aloneSource = (client: ClientName) => `
  import { ${CLIENTS[client][1]} } from "${CLIENTS[client][0]}";
  const client = new ${CLIENTS[client][1]}({});
  export const handler = async (event) => ({ id: event.id, attempts: client.config.retryMode ? 1 : 0 });`;

/** A handler with everything: input, log, metric, annotation and one client. */
export const wholeSource = (client: ClientName) => `
  import * as z from "zod/mini";
  import { handle } from "#shared/middleware";
  import { logger } from "#shared/observability/logger";
  import { count } from "#shared/observability/metrics";
  import { annotate } from "#shared/observability/tracing";
  import { ${client} as client } from "#shared/clients/${client}";
  const Order = z.object({ id: z.string(), items: z.array(z.object({ sku: z.string(), quantity: z.number() })) });
  export const handler = handle({ input: Order }, async ({ id, items }) => {
    annotate("items", items.length);
    logger.debug("counted", { items: items.length });
    if (items.length === 0) count("EmptyOrders");
    return { id, attempts: client.config.retryMode ? 1 : 0 };
  });`;

export interface Bundle {
  readonly kilobytes: number;
  /** What is left of it, relative to the root. */
  readonly files: readonly string[];
}

/** As `sam build` bundles with the properties that the templates of this repository set. */
export async function bundle(source: string, outfile: string): Promise<Bundle> {
  const { metafile } = await build({
    stdin: { contents: source, resolveDir: ROOT },
    outfile,
    bundle: true,
    minify: true,
    keepNames: true,
    format: "esm",
    platform: "node",
    target: "node24",
    // The ES modules of the SDK: a third smaller than its CommonJS files, because what is not used falls away.
    mainFields: ["module", "main"],
    banner: {
      js: "import { createRequire as __bundleCreateRequire } from 'node:module'; const require = __bundleCreateRequire(import.meta.url);",
    },
    metafile: true,
    logLevel: "error",
  });
  const outputs = Object.values(metafile.outputs);
  const kept = outputs.flatMap(({ inputs }) =>
    Object.entries(inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0),
  );
  return { kilobytes: outputs.reduce((sum, { bytes }) => sum + bytes, 0) / 1_000, files: kept.map(([file]) => file) };
}

const WARM_CALLS = 3_000;

/** Runs in a fresh process: loads a bundle, calls it once, then many times. Prints both times to file descriptor 3. */
const probe = `
  import { writeSync } from "node:fs";
  const [, file, warmCalls] = process.argv;
  const event = { id: "o-1", items: [{ sku: "A", quantity: 1 }] };
  const context = { awsRequestId: "r-1", functionName: "bench", functionVersion: "1", invokedFunctionArn: "arn:aws:lambda:eu-west-1:123456789012:function:bench", memoryLimitInMB: "128", getRemainingTimeInMillis: () => 3000 };
  const started = performance.now();
  const { handler } = await import(file);
  await handler(event, context);
  const start = performance.now() - started;
  const calls = Number(warmCalls);
  for (let call = 0; call < calls / 3; call += 1) await handler(event, context);
  const warm = performance.now();
  for (let call = 0; call < calls; call += 1) await handler(event, context);
  writeSync(3, JSON.stringify({ start, perCall: calls === 0 ? 0 : (performance.now() - warm) / calls }));
  process.exit();`;

interface Run {
  readonly start: number;
  readonly perCall: number;
}

function run(file: string, tracing: boolean, warmCalls = 0): Run {
  const { AWS_XRAY_DAEMON_ADDRESS: _, ...environment } = process.env;
  const child = spawnSync(process.execPath, ["--input-type=module", "-e", probe, file, String(warmCalls)], {
    env: {
      ...environment,
      AWS_REGION: "eu-west-1",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
      LAMBDA_TASK_ROOT: "/var/task",
      _HANDLER: "bench.handler",
      // Sampled, towards a daemon that is not there: datagrams that nobody takes cost what others do.
      _X_AMZN_TRACE_ID: "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=557abcec3ee5a047;Sampled=1",
      ...(tracing ? { AWS_XRAY_DAEMON_ADDRESS: "127.0.0.1:2000" } : {}),
    },
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  const answer = child.output[3]?.toString();
  if (!answer) throw new Error(`The bundle did not run: ${child.stderr.toString().slice(-1_000)}`);
  return JSON.parse(answer) as Run; // written by the probe above
}

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;

/** Measures every client, traced and not. `pairs` is how many pairs of processes are compared for each. */
export async function measureMiddleware(pairs = 9): Promise<readonly Cost[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-"));
  try {
    const costs: Cost[] = [];
    for (const client of Object.keys(CLIENTS) as ClientName[]) {
      const alone = join(folder, `${client}-alone.mjs`);
      const whole = join(folder, `${client}-whole.mjs`);
      const { kilobytes: clientKilobytes } = await bundle(aloneSource(client), alone);
      const { kilobytes: bundleKilobytes } = await bundle(wholeSource(client), whole);
      for (const tracing of [false, true]) {
        const starts = Array.from({ length: pairs }, () => ({
          alone: run(alone, tracing).start,
          whole: run(whole, tracing).start,
        }));
        const warm = Array.from(
          { length: 3 },
          () => run(whole, tracing, WARM_CALLS).perCall - run(alone, tracing, WARM_CALLS).perCall,
        );
        costs.push({
          client,
          tracing,
          clientKilobytes: Math.round(clientKilobytes),
          bundleKilobytes: Math.round(bundleKilobytes),
          startRatio: median(starts.map((pair) => pair.whole / pair.alone)),
          startMilliseconds: median(starts.map((pair) => pair.whole)),
          warmMilliseconds: median(warm),
        });
      }
    }
    return costs;
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The budgets that a measurement exceeds, in words. */
export function excesses(cost: Cost): readonly string[] {
  const where = `${cost.client}${cost.tracing ? ", traced" : ""}`;
  return (Object.keys(BUDGETS) as (keyof typeof BUDGETS)[])
    .filter((budget) => !(cost[budget] <= BUDGETS[budget]))
    .map((budget) => `${where}: ${budget} is ${cost[budget].toFixed(2)}, the budget ${BUDGETS[budget]}`);
}

export function tableOf(costs: readonly Cost[]): string {
  const rows = costs.map((cost) => [
    cost.client,
    cost.tracing ? "on" : "off",
    `${cost.clientKilobytes} kB`,
    `${cost.bundleKilobytes} kB`,
    `${cost.startRatio.toFixed(2)} x`,
    `${cost.startMilliseconds.toFixed(0)} ms`,
    `${(cost.warmMilliseconds * 1_000).toFixed(0)} µs`,
  ]);
  const head = ["client", "tracing", "alone", "whole", "start", "start", "warm, added"];
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  return [head, ...rows]
    .map((row) => row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  "))
    .join("\n");
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { json: { type: "boolean", default: false } } });
  const costs = await measureMiddleware();
  const over = costs.flatMap(excesses);
  if (values.json) console.log(JSON.stringify({ budgets: BUDGETS, costs, over }, undefined, 2));
  else console.log([tableOf(costs), ...over].join("\n"));
  if (over.length > 0) process.exitCode = 1;
}
