/** Deploys every app, or those that are named, with the SAM CLI to a local cloud, uses one of them, and deletes them again. */
import { spawn } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { availableParallelism } from "node:os";
import { delimiter, join } from "node:path";
import { CloudFormationClient, DescribeStacksCommand } from "@aws-sdk/client-cloudformation";
import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  LambdaClient,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { startCloud, type LocalCloud } from "../../local/cloud.ts";
import { zipOf } from "../../local/services/lambda/testing/zip.ts";
import { APPS, appNames, ROOT } from "../cli/apps.ts";
import { milliseconds } from "../cli/terminal.ts";

interface Ended {
  readonly code: number;
  readonly out: string;
  readonly all: string;
}

const REGION = "us-east-1";
const USED_APP = "difference-checker";

/** What a person would be asked is answered with yes. */
function run(program: string, words: readonly string[], folder: string, env: NodeJS.ProcessEnv): Promise<Ended> {
  return new Promise((resolve) => {
    const child = spawn(program, words, { cwd: folder, env, stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => {});
    child.stdin.end("Y\n");
    let out = "";
    let all = "";
    child.stdout.on("data", (chunk: Buffer) => {
      out += chunk.toString();
      all += chunk.toString();
    });
    child.stderr.on("data", (chunk: Buffer) => (all += chunk.toString()));
    child.on("error", (error) => resolve({ code: 127, out, all: error.message }));
    child.on("close", (code) => resolve({ code: code ?? 1, out, all }));
  });
}

/** Says how a check went; one that throws has failed. */
class Checks {
  passed = 0;
  failed = 0;

  async check<T>(name: string, work: () => Promise<T>): Promise<T | undefined> {
    const began = performance.now();
    try {
      const answer = await work();
      this.passed++;
      console.log(`ok      ${name} (${milliseconds(performance.now() - began)})`);
      return answer;
    } catch (error) {
      this.failed++;
      console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
      return undefined;
    }
  }
}

function environment(endpoint: string): NodeJS.ProcessEnv {
  const { AWS_PROFILE: _profile, AWS_SESSION_TOKEN: _token, ...rest } = process.env;
  return {
    ...rest,
    PATH: [join(ROOT, "node_modules", ".bin"), process.env["PATH"]].join(delimiter),
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
    AWS_ACCESS_KEY_ID: "local",
    AWS_SECRET_ACCESS_KEY: "local",
    AWS_DISABLE_HOST_PREFIX_INJECTION: "true",
    SAM_CLI_TELEMETRY: "0",
    SAM_CLI_POLL_DELAY: "1",
  };
}

/** Runs SAM for an app as `npm run sam` does; throws the end of what it said when it fails. */
async function sam(app: string, words: readonly string[], flags: readonly string[], env: NodeJS.ProcessEnv) {
  const config = ["--config-file", join("..", "..", "samconfig.toml"), "--config-env", app];
  const ended = await run("sam", [...words, ...config, ...flags], join(APPS, app), env);
  if (ended.code !== 0)
    throw new Error(`sam ${words.join(" ")} ended with ${ended.code}:\n${ended.all.split("\n").slice(-25).join("\n")}`);
  return ended.out;
}

async function deployApp(checks: Checks, app: string, env: NodeJS.ProcessEnv): Promise<void> {
  await checks.check(`${app}: sam validate --lint`, () => sam(app, ["validate"], ["--lint", "--region", REGION], env));
  await checks.check(`${app}: sam build`, () => sam(app, ["build"], [], env));
  const deploy = () =>
    sam(app, ["deploy"], ["--resolve-s3", "--no-confirm-changeset", "--no-progressbar", "--region", REGION], env);
  await checks.check(`${app}: sam deploy`, deploy);
  await checks.check(`${app}: sam deploy finds nothing to change`, async () => {
    const said = await sam(app, ["deploy"], [...NO_CHANGES, "--region", REGION], env);
    if (/Waiting for stack create\/update to complete/.test(said)) throw new Error("it deployed once more");
  });
  await checks.check(`${app}: sam list stack-outputs`, async () => {
    const flags = ["--stack-name", app, "--output", "json", "--region", REGION];
    const outputs: unknown = JSON.parse(await sam(app, ["list", "stack-outputs"], flags, env));
    if (!Array.isArray(outputs) || outputs.length === 0) throw new Error("there are none");
  });
}

const NO_CHANGES = ["--resolve-s3", "--no-confirm-changeset", "--no-fail-on-empty-changeset", "--no-progressbar"];

async function deleteApp(checks: Checks, cloud: LocalCloud, app: string, env: NodeJS.ProcessEnv): Promise<void> {
  await checks.check(`${app}: sam delete`, async () => {
    if ((await artifacts(cloud)) === 0) throw new Error("the bucket of artifacts is empty beforehand");
    await sam(app, ["delete"], ["--no-prompts", "--region", REGION], env);
    const gone = await cloudFormation(cloud)
      .send(new DescribeStacksCommand({ StackName: app }))
      .catch(String);
    if (!String(gone).includes(`Stack with id ${app} does not exist`)) throw new Error("the stack is still there");
    const left = await artifacts(cloud);
    if (left > 0) throw new Error(`${left} objects are left in the bucket of artifacts`);
  });
}

const config = (cloud: LocalCloud) => ({
  endpoint: cloud.endpoint,
  region: REGION,
  credentials: { accessKeyId: "local", secretAccessKey: "local" },
});
const cloudFormation = (cloud: LocalCloud) => new CloudFormationClient(config(cloud));

async function outputsOf(cloud: LocalCloud, stack: string): Promise<(name: string) => string> {
  const { Stacks = [] } = await cloudFormation(cloud).send(new DescribeStacksCommand({ StackName: stack }));
  const outputs = new Map(Stacks[0]?.Outputs?.map(({ OutputKey = "", OutputValue }) => [OutputKey, OutputValue]));
  return (name) => {
    const value = outputs.get(name);
    if (value === undefined) throw new Error(`${stack} has no output ${name}`);
    return value;
  };
}

/** How many objects are in the bucket that `--resolve-s3` made. Each app is deleted before the next is deployed on the same cloud. */
async function artifacts(cloud: LocalCloud): Promise<number> {
  const bucket = (await outputsOf(cloud, "aws-sam-cli-managed-default"))("SourceBucket");
  const { Contents = [] } = await new S3Client(config(cloud)).send(new ListObjectsV2Command({ Bucket: bucket }));
  return Contents.length;
}

/** Two versions of an object go in; the function that answers questions knows of the change. */
async function useDifferenceChecker(cloud: LocalCloud): Promise<void> {
  const output = await outputsOf(cloud, USED_APP);
  const s3 = new S3Client(config(cloud));
  for (const Body of ["one\ntwo\n", "one\nthree\n"])
    await s3.send(new PutObjectCommand({ Bucket: output("SourceBucket"), Key: "notes.txt", Body }));
  const lambda = new LambdaClient(config(cloud));
  let answer = "";
  for (let tries = 0; tries < 60; tries++) {
    const Payload = JSON.stringify({ key: "notes.txt" });
    const { Payload: payload } = await lambda.send(
      new InvokeCommand({ FunctionName: output("FindChanges"), Payload: Buffer.from(Payload) }),
    );
    answer = Buffer.from(payload ?? []).toString();
    if (answer.includes('"versionNumber":2')) return;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  throw new Error(`the change was not recorded; last answer: ${answer}`);
}

/** Code that was put in by other means is replaced by that of the app. */
async function syncCode(cloud: LocalCloud, env: NodeJS.ProcessEnv): Promise<void> {
  const FunctionName = (await outputsOf(cloud, USED_APP))("FindChanges");
  const lambda = new LambdaClient(config(cloud));
  const sha = async () => (await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }))).CodeSha256;
  const before = await sha();
  const ZipFile = zipOf({ "src/find-changes.js": "exports.handler = () => 1" });
  await lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }));
  if ((await sha()) === before) throw new Error("the other code was not taken");
  await sam(USED_APP, ["sync"], ["--code", "--no-watch", "--region", REGION], env);
  if ((await sha()) !== before) throw new Error("the code is not that of the app");
}

/** Folders that building makes in an app: all git-ignored. */
function builtFolders(app: string): string[] {
  const layers = join(APPS, app, "layers");
  const names = existsSync(layers) ? readdirSync(layers) : [];
  return [join(APPS, app, ".aws-sam"), ...names.map((layer) => join(layers, layer, "node_modules"))];
}

/** Takes one app after the other onto a cloud of its own, where no other app's artifacts are. */
async function deployEach(apps: Iterable<string>, checks: Checks): Promise<void> {
  const cloud = await startCloud({ log: { info: () => {}, warn: () => {}, error: console.error } });
  try {
    const env = environment(cloud.endpoint);
    for (const app of apps) {
      await deployApp(checks, app, env);
      if (app === USED_APP) {
        await checks.check(`${app}: records a change`, () => useDifferenceChecker(cloud));
        await checks.check(`${app}: sam sync --code`, () => syncCode(cloud, env));
      }
      await deleteApp(checks, cloud, app, env);
    }
  } finally {
    await cloud.stop();
  }
}

async function smoke(apps: readonly string[]): Promise<number> {
  const version = await run("sam", ["--version"], ROOT, process.env);
  if (version.code !== 0) {
    console.log("smoke: skipped: sam is not installed");
    return 0;
  }
  // What was there before is not ours to remove.
  const made = apps.flatMap(builtFolders).filter((folder) => !existsSync(folder));
  const checks = new Checks();
  const left = apps.values();
  try {
    // The SAM CLI keeps one core busy.
    await Promise.all(Array.from({ length: availableParallelism() }, () => deployEach(left, checks)));
  } finally {
    for (const folder of made) rmSync(folder, { recursive: true, force: true });
  }
  console.log(`${checks.passed} passed, ${checks.failed} failed`);
  return checks.failed === 0 ? 0 : 1;
}

const named = process.argv.slice(2);
process.exitCode = await smoke(named.length > 0 ? named : appNames());
