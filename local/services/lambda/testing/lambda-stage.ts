/** A cloud with functions on it, for tests of Lambda. */
import { CreateFunctionCommand, InvokeCommand, LambdaClient, type Runtime } from "@aws-sdk/client-lambda";
import { ACCOUNT } from "../../../core/principal.ts";
import type { CloudOptions } from "../../../cloud.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { zipOf } from "./zip.ts";

interface FunctionOptions {
  /** Module text of `index.mjs`, or files by name. */
  readonly code: string | Readonly<Record<string, string>>;
  readonly handler?: string;
  readonly runtime?: string;
  readonly timeout?: number;
  readonly memory?: number;
  readonly variables?: Readonly<Record<string, string>>;
  /** Statements of the role; without it the role may do everything. */
  readonly may?: readonly object[];
  readonly extra?: Readonly<Record<string, unknown>>;
}

interface Answer {
  readonly payload: unknown;
  readonly error: string | undefined;
  readonly log: string;
  readonly version: string | undefined;
}

export interface LambdaStage extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly client: LambdaClient;
  /** Makes a role and a function of this name; answers the function's ARN. */
  make(name: string, options: FunctionOptions): Promise<string>;
  invoke(name: string, event?: unknown, extra?: Readonly<Record<string, unknown>>): Promise<Answer>;
  /** Messages that the function has logged, oldest first. */
  logsOf(name: string): Promise<string[]>;
}

const EVERYTHING = { Effect: "Allow", Action: "*", Resource: "*" };

export async function lambdaStage(options: CloudOptions = {}): Promise<LambdaStage> {
  const cloud = await testCloud(options);
  const client = cloud.client(LambdaClient, { maxAttempts: 1 });
  return {
    cloud,
    client,
    async make(name, wanted) {
      const Role = await makeRole(cloud, `${name}-role`, wanted.may ?? [EVERYTHING]);
      const files = typeof wanted.code === "string" ? { "index.mjs": wanted.code } : wanted.code;
      const { FunctionArn = "" } = await client.send(
        new CreateFunctionCommand({
          FunctionName: name,
          Role,
          Runtime: (wanted.runtime ?? "nodejs24.x") as Runtime,
          Handler: wanted.handler ?? "index.handler",
          Code: { ZipFile: zipOf(files) },
          Timeout: wanted.timeout ?? 30,
          MemorySize: wanted.memory ?? 256,
          Environment: { Variables: { ...wanted.variables } },
          ...wanted.extra,
        }),
      );
      return FunctionArn;
    },
    async invoke(name, event = {}, extra = {}) {
      const answer = await client.send(
        new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(event), LogType: "Tail", ...extra }),
      );
      const text = answer.Payload?.transformToString() ?? "";
      return {
        payload: text === "" ? undefined : JSON.parse(text),
        error: answer.FunctionError,
        log: Buffer.from(answer.LogResult ?? "", "base64").toString(),
        version: answer.ExecutedVersion,
      };
    },
    async logsOf(name) {
      const logGroupName = `/aws/lambda/${name}`;
      const { logGroups = [] } = await cloud.call("logs", "DescribeLogGroups", {}, ACCOUNT);
      // A function that never ran has no log group.
      if (!logGroups.some((group) => group.logGroupName === logGroupName)) return [];
      const { events = [] } = await cloud.call("logs", "FilterLogEvents", { logGroupName }, ACCOUNT);
      return events.map(({ message }) => message ?? "");
    },
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
}

/** A role that Lambda can take on; answers its ARN. */
export async function makeRole(cloud: TestCloud, name: string, statements: readonly object[]): Promise<string> {
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
  };
  const input = { RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) };
  const { Role } = await cloud.call("iam", "CreateRole", input, ACCOUNT);
  if (statements.length > 0) {
    const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: statements });
    await cloud.call("iam", "PutRolePolicy", { RoleName: name, PolicyName: "own", PolicyDocument }, ACCOUNT);
  }
  return Role?.Arn ?? "";
}
