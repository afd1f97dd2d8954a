import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  CreateLogGroupCommand,
  CloudWatchLogsClient,
  DescribeLogStreamsCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { type LambdaStage, lambdaStage } from "../../services/lambda/testing/lambda-stage.ts";

let stage: LambdaStage;
beforeAll(async () => {
  stage = await lambdaStage();
});
afterAll(() => stage[Symbol.asyncDispose]());

const ID = /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g;
const logged = async (name: string) => (await stage.logsOf(name)).map((line) => line.replace(ID, "<id>"));

describe("the log of an invocation", () => {
  it("has what the function prints, between the lines of Lambda", async () => {
    await stage.make("printing", {
      code: `export const handler = async () => {
        console.log("a %s", "b", { c: [1] }); console.info("info"); console.warn("warn"); console.error(new Error("e").message); console.debug("debug");
        process.stdout.write("raw\\n"); console.log("two\\nlines");
      };`,
    });
    await stage.invoke("printing");
    const at = "2030-01-07T12:00:00.000Z\t<id>\t";
    expect(await logged("printing")).toEqual([
      "START RequestId: <id> Version: $LATEST",
      `${at}INFO\ta b { c: [ 1 ] }`,
      `${at}INFO\tinfo`,
      `${at}WARN\twarn`,
      `${at}ERROR\te`,
      `${at}DEBUG\tdebug`,
      "raw",
      `${at}INFO\ttwo\nlines`,
      "END RequestId: <id>",
      expect.stringMatching(
        /^REPORT RequestId: <id>\tDuration: \d+\.\d\d ms\tBilled Duration: \d+ ms\tMemory Size: 256 MB\tMax Memory Used: \d+ MB\tInit Duration: \d+\.\d\d ms\t$/,
      ),
    ]);
  });

  it("describes the error", async () => {
    await stage.make("erring", {
      code: `export const handler = async () => { throw Object.assign(new TypeError("no"), { code: "E1" }); };`,
    });
    await stage.invoke("erring");
    const line = (await logged("erring"))[1] ?? "";
    expect(line).toMatch(/^\S+\t<id>\tERROR\tInvoke Error \t\{/);
    expect(JSON.parse(line.slice(line.indexOf("{")))).toEqual({
      errorType: "TypeError",
      errorMessage: "no",
      code: "E1",
      stack: expect.arrayContaining(["TypeError: no"]),
    });
  });

  it("is JSON when it is configured so, from the level on that is asked for", async () => {
    await stage.make("json", {
      code: `export const handler = async () => { console.debug("no"); console.info("no"); console.warn({ a: 1 }); console.error("failed", new RangeError("r")); };`,
      extra: { LoggingConfig: { LogFormat: "JSON", ApplicationLogLevel: "WARN" } },
    });
    await stage.invoke("json");
    const lines = (await logged("json")).map((line) => JSON.parse(line) as Record<string, unknown>);
    const common = { timestamp: "2030-01-07T12:00:00.000Z", requestId: "<id>" };
    expect(lines).toEqual([
      { time: common.timestamp, type: "platform.start", record: { requestId: "<id>", version: "$LATEST" } },
      { ...common, level: "WARN", message: { a: 1 } },
      {
        ...common,
        level: "ERROR",
        message: expect.stringContaining("failed RangeError: r"),
        errorType: "RangeError",
        errorMessage: "r",
        stackTrace: expect.any(Array),
      },
      {
        time: common.timestamp,
        type: "platform.report",
        record: { requestId: "<id>", status: "success", metrics: expect.objectContaining({ memorySizeMB: 256 }) },
      },
    ]);
  });

  it("goes to the group that is configured, with the function's name in the stream", async () => {
    const logs = stage.cloud.client(CloudWatchLogsClient);
    await logs.send(new CreateLogGroupCommand({ logGroupName: "shared" }));
    await stage.make("sharing", {
      code: `export const handler = async () => {};`,
      extra: { LoggingConfig: { LogGroup: "shared" } },
    });
    await stage.invoke("sharing");
    const { logStreams = [] } = await logs.send(new DescribeLogStreamsCommand({ logGroupName: "shared" }));
    expect(logStreams.map(({ logStreamName }) => logStreamName)).toEqual([
      expect.stringMatching(/^2030\/01\/07\/sharing\[\$LATEST\][0-9a-f]{32}$/),
    ]);
  });

  it("keeps a long line whole for whoever reads it, in pieces", async () => {
    await stage.make("long", { code: `export const handler = async () => console.log("x".repeat(300_000));` });
    await stage.invoke("long");
    expect((await stage.logsOf("long")).join("").match(/x/g)?.length).toBeGreaterThanOrEqual(300_000);
  });

  it("is lost when the role may not write it, with one warning that names the action", async () => {
    await stage.make("silent", {
      code: `export const handler = async () => { console.log("lost"); return 1; };`,
      may: [],
    });
    expect((await stage.invoke("silent")).payload).toBe(1);
    expect((await stage.invoke("silent")).log).toContain("lost");
    expect(await stage.logsOf("silent")).toEqual([]);
    expect(stage.cloud.logged.filter((line) => line.includes("silent"))).toEqual([
      expect.stringMatching(
        /^The log of silent is lost: .* is not authorized to perform: logs:CreateLogStream on resource: /,
      ),
    ]);
  });
});
