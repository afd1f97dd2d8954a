import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { LOCAL_FOLDER } from "../../lambda/local-folder.ts";
import { startCloud } from "../../cloud.ts";
import { createStacks } from "../../template/stacks.ts";
import type { LocalLambda } from "./index.ts";
import { ACCOUNT } from "../../core/principal.ts";
import { type LambdaStage, lambdaStage } from "./testing/lambda-stage.ts";

let app: string;
beforeEach(() => {
  mkdirSync(LOCAL_FOLDER, { recursive: true });
  app = mkdtempSync(join(LOCAL_FOLDER, "reload-"));
  write("shared.ts", `export const word = "first";`);
  write("one.ts", `import { word } from "./shared.ts"; export const handler = async () => word;`);
});
afterEach(() => rmSync(app, { recursive: true }));
const write = (name: string, text: string): void => writeFileSync(join(app, name), text);

const TEMPLATE = `
Transform: AWS::Serverless-2016-10-31
Resources:
  One:
    Type: AWS::Serverless::Function
    Metadata: { BuildMethod: esbuild, BuildProperties: { EntryPoints: [one.ts], Format: esm, OutExtension: [.js=.mjs] } }
    Properties: { FunctionName: one, CodeUri: ., Handler: one.handler, Runtime: nodejs24.x, AutoPublishAlias: live }
  Plain:
    Type: AWS::Serverless::Function
    Properties: { FunctionName: plain, CodeUri: plain, Handler: index.handler, Runtime: nodejs24.x }
`;

describe("reloading functions whose files have changed", () => {
  let stage: LambdaStage;
  let lambda: LocalLambda;
  beforeEach(async () => {
    mkdirSync(join(app, "plain"));
    write("plain/index.mjs", `export const handler = async () => "plain one";`);
    stage = await lambdaStage();
    await createStacks(stage.cloud, stage.cloud.providerOf).deploy({ name: "app", body: TEMPLATE, folder: app });
    lambda = (await stage.cloud.dispatcher.load("lambda")) as LocalLambda;
  });
  afterEach(() => stage[Symbol.asyncDispose]());

  it("knows which files those are", async () => {
    const arn = stage.cloud.arn("lambda", "function:one");
    expect(await lambda.inputsOf(arn)).toEqual([join(app, "one.ts"), join(app, "shared.ts")]);
    expect(await lambda.inputsOf(stage.cloud.arn("lambda", "function:plain"))).toEqual([join(app, "plain")]);
  });

  it("runs the new code at the next invocation, by alias too", async () => {
    expect((await stage.invoke("one")).payload).toBe("first");
    expect((await stage.invoke("one:live")).payload).toBe("first");
    write("shared.ts", `export const word = "second";`);
    lambda.reload(["one"]);
    expect((await stage.invoke("one")).payload).toBe("second");
    expect((await stage.invoke("one:live")).payload).toBe("second");
  });

  it("works for code that is not bundled", async () => {
    expect((await stage.invoke("plain")).payload).toBe("plain one");
    write("plain/index.mjs", `export const handler = async () => "plain two";`);
    lambda.reload(["plain", "unknown"]);
    expect((await stage.invoke("plain")).payload).toBe("plain two");
  });

  it("keeps the warm environment when nothing has changed", async () => {
    await stage.invoke("one");
    lambda.reload(["one"]);
    expect((await stage.invoke("one")).log).not.toContain("Init Duration");
  });
});

describe("a cloud that is started again", () => {
  it("has its functions, mappings and queued events where they were", async () => {
    const dataFolder = mkdtempSync(join(LOCAL_FOLDER, "data-"));
    try {
      const first = await lambdaStage({ dataFolder });
      await first.make("kept", {
        code: `export const handler = async (event) => { if (Date.now() < event.until) throw new Error("too early"); console.log("DONE"); };`,
      });
      const until = first.cloud.clock.now() + 30_000;
      await first.invoke("kept", { until }, { InvocationType: "Event", LogType: undefined });
      await first.cloud.clock.advance(1_000);
      const at = first.cloud.clock.now();
      await first.cloud.stop();

      const second = await startCloud({
        dataFolder,
        virtual: true,
        startAt: at,
        log: { info() {}, warn() {}, error() {} },
      });
      await second.clock.settle();
      const input = { logGroupName: "/aws/lambda/kept", filterPattern: "DONE" };
      const { events = [] } = await second.call("logs", "FilterLogEvents", input, ACCOUNT);
      expect(events.map(({ timestamp }) => timestamp)).toEqual([until + 30_000]);
      await second.stop();
    } finally {
      rmSync(dataFolder, { recursive: true });
    }
  });
});
