import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  GetEventSourceMappingCommand,
  GetFunctionCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionUrlConfigCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_FOLDER } from "../../../lambda/local-folder.ts";
import { createStacks, type Stacks } from "../../../template/stacks.ts";
import { SERVICES } from "../../index.ts";
import { type LambdaStage, lambdaStage } from "../testing/lambda-stage.ts";

let app: string;
let stage: LambdaStage;
let stacks: Stacks;
beforeEach(async () => {
  mkdirSync(LOCAL_FOLDER, { recursive: true });
  app = mkdtempSync(join(LOCAL_FOLDER, "stack-"));
  write("src/greet.ts", `export const handler = async () => ({ greeting: process.env.GREETING ?? "hello" });`);
  // Whoever serves plain requests is asked for each; here that is Lambda alone.
  stage = await lambdaStage({ services: SERVICES.filter(({ id }) => !id.startsWith("apigateway")) });
  stacks = createStacks(stage.cloud, stage.cloud.providerOf);
});
afterEach(async () => {
  await stage[Symbol.asyncDispose]();
  rmSync(app, { recursive: true });
});

function write(name: string, text: string): void {
  mkdirSync(join(app, name, ".."), { recursive: true });
  writeFileSync(join(app, name), text);
}

const METADATA = `
    Metadata:
      BuildMethod: esbuild
      BuildProperties: { EntryPoints: [src/greet.ts], Format: esm, OutExtension: [.js=.mjs], Target: es2022, Minify: true }`;

const greet = (properties = "") => `
  Greet:
    Type: AWS::Serverless::Function${METADATA}
    Properties:
      CodeUri: .
      Handler: greet.handler
      Runtime: nodejs24.x
      Architectures: [arm64]
${properties}`;
const template = (resources: string, outputs = "") =>
  `Transform: AWS::Serverless-2016-10-31\nResources:${resources}\n${outputs}`;
const deploy = (resources: string, outputs = "") =>
  stacks.deploy({ name: "app", body: template(resources, outputs), folder: app });

async function nameOf(logicalId: string): Promise<string> {
  return stacks.describe("app")?.resources[logicalId]?.physicalId ?? "";
}

describe("AWS::Lambda::Function from a folder", () => {
  it("is built and runs", async () => {
    const { warnings } = await deploy(greet());
    expect(warnings).toEqual([]);
    expect((await stage.invoke(await nameOf("Greet"))).payload).toEqual({ greeting: "hello" });
  });

  it("is changed in place: variables, timeout, and back to the defaults", async () => {
    await deploy(
      greet(
        "      Timeout: 20\n      Environment: { Variables: { GREETING: hi } }\n      ReservedConcurrentExecutions: 5",
      ),
    );
    const name = await nameOf("Greet");
    expect((await stage.invoke(name)).payload).toEqual({ greeting: "hi" });
    await deploy(greet());
    expect(await nameOf("Greet")).toBe(name);
    const { Configuration, Concurrency } = await stage.client.send(new GetFunctionCommand({ FunctionName: name }));
    expect([Configuration?.Timeout, Configuration?.Environment, Concurrency]).toEqual([3, undefined, undefined]);
    expect((await stage.invoke(name)).payload).toEqual({ greeting: "hello" });
  });

  it("runs changed files after the stack is deployed again, without a change of the template", async () => {
    await deploy(greet());
    const name = await nameOf("Greet");
    await stage.invoke(name);
    write("src/greet.ts", `export const handler = async () => "changed";`);
    expect((await stage.invoke(name)).payload).toEqual({ greeting: "hello" });
    await deploy(greet());
    expect((await stage.invoke(name)).payload).toBe("changed");
  });

  it("says what is wrong with code that cannot be built", async () => {
    write("src/greet.ts", `import { gone } from "./gone.ts"; export const handler = gone;`);
    await deploy(greet());
    const { payload, error } = await stage.invoke(await nameOf("Greet"));
    expect(error).toBe("Unhandled");
    expect(payload).toMatchObject({
      errorType: "Runtime.BuildError",
      errorMessage: expect.stringMatching(/greet\.ts:1:22: Could not resolve "\.\/gone\.ts"/),
    });
    expect(stage.cloud.logged.join("\n")).toContain("greet.ts:1:22");
  });

  it("is gone with its stack", async () => {
    await deploy(greet());
    const name = await nameOf("Greet");
    await stacks.delete("app");
    await expect(stage.invoke(name)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("may be written into the template", async () => {
    await deploy(`
  Inline:
    Type: AWS::Serverless::Function
    Properties:
      Handler: index.handler
      Runtime: nodejs24.x
      InlineCode: "exports.handler = async (event) => event.n + 1;"`);
    expect((await stage.invoke(await nameOf("Inline"), { n: 1 })).payload).toBe(2);
  });

  it("is refused, and the stack rolled back, when its reserved concurrency leaves too little", async () => {
    await expect(deploy(greet("      ReservedConcurrentExecutions: 950"))).rejects.toThrow(
      /UnreservedConcurrentExecution/,
    );
  });
});

describe("versions and aliases of a stack", () => {
  it("follow the code: an alias moves to a new version when files change", async () => {
    await deploy(greet("      AutoPublishAlias: live"));
    const name = await nameOf("Greet");
    const ask = async () => stage.invoke(name, {}, { Qualifier: "live" });
    expect(await ask()).toMatchObject({ payload: { greeting: "hello" }, version: "1" });
    write("src/greet.ts", `export const handler = async () => "changed";`);
    expect(await ask()).toMatchObject({ payload: { greeting: "hello" }, version: "1" });
    await deploy(greet("      AutoPublishAlias: live"));
    expect(await ask()).toMatchObject({ payload: "changed", version: "2" });
  });
});

describe("what belongs to a function", () => {
  const EVENTS = `      Timeout: 10
      FunctionUrlConfig: { AuthType: NONE }
      EventInvokeConfig: { MaximumRetryAttempts: 1, MaximumEventAgeInSeconds: 120 }
      Events:
        Work:
          Type: SQS
          Properties: { Queue: !GetAtt Queue.Arn, BatchSize: 5, FunctionResponseTypes: [ReportBatchItemFailures], ScalingConfig: { MaximumConcurrency: 3 } }
  Queue:
    Type: AWS::SQS::Queue`;

  it("is made, changed and deleted with it", async () => {
    const { warnings } = await deploy(greet(EVENTS));
    expect(warnings).toEqual([]);
    const name = await nameOf("Greet");
    const uuid = await nameOf("GreetWork");
    const mapping = () => stage.client.send(new GetEventSourceMappingCommand({ UUID: uuid }));
    expect(await mapping()).toMatchObject({
      State: "Enabled",
      BatchSize: 5,
      FunctionResponseTypes: ["ReportBatchItemFailures"],
      ScalingConfig: { MaximumConcurrency: 3 },
      FunctionArn: stage.cloud.arn("lambda", `function:${name}`),
    });
    expect(await stage.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName: name }))).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 120,
    });
    const { FunctionUrl = "" } = await stage.client.send(new GetFunctionUrlConfigCommand({ FunctionName: name }));
    expect(await (await fetch(FunctionUrl)).json()).toEqual({ greeting: "hello" });

    await deploy(
      greet(EVENTS.replace("BatchSize: 5, FunctionResponseTypes: [ReportBatchItemFailures]", "BatchSize: 7")),
    );
    expect(await mapping()).toMatchObject({ UUID: uuid, BatchSize: 7, FunctionResponseTypes: [] });

    await stacks.delete("app");
    await expect(mapping()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });

  it("warns of properties that are not known", async () => {
    const { warnings } = await deploy(greet("      VpcConfig: { SubnetIds: [a], SecurityGroupIds: [b] }"));
    expect(warnings.join("\n")).toContain("VpcConfig");
  });

  it("has layers, which are found in the repository", async () => {
    mkdirSync(join(app, "layers/sharp"), { recursive: true });
    write("layers/sharp/package.json", "{}");
    write("src/greet.ts", `import sharp from "sharp"; export const handler = async () => typeof sharp;`);
    await deploy(`${greet("      Layers: [!Ref Sharp]").replace("Minify: true", "External: [sharp]")}
  Sharp:
    Type: AWS::Serverless::LayerVersion
    Properties: { ContentUri: layers/sharp, CompatibleRuntimes: [nodejs24.x] }`);
    expect((await stage.invoke(await nameOf("Greet"))).payload).toBe("function");
  });
});
