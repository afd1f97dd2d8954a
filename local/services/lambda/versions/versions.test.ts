import {
  CreateAliasCommand,
  DeleteAliasCommand,
  DeleteFunctionCommand,
  GetAliasCommand,
  GetFunctionCommand,
  ListAliasesCommand,
  ListVersionsByFunctionCommand,
  PublishVersionCommand,
  UpdateAliasCommand,
  UpdateFunctionCodeCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "../testing/lambda-stage.ts";
import { zipOf } from "../testing/zip.ts";

const answering = (text: string) =>
  `export const handler = async (event, context) => ["${text}", context.functionVersion, context.invokedFunctionArn];`;

let stage: LambdaStage;
let arn: string;
beforeEach(async () => {
  stage = await lambdaStage();
  arn = await stage.make("fn", { code: answering("one") });
});
afterEach(() => stage[Symbol.asyncDispose]());

const publish = (extra: object = {}) => stage.client.send(new PublishVersionCommand({ FunctionName: "fn", ...extra }));
const change = (text: string) =>
  stage.client.send(
    new UpdateFunctionCodeCommand({ FunctionName: "fn", ZipFile: zipOf({ "index.mjs": answering(text) }) }),
  );

describe("a published version", () => {
  it("stays what it was", async () => {
    expect(await publish({ Description: "first" })).toMatchObject({
      Version: "1",
      FunctionArn: `${arn}:1`,
      Description: "first",
    });
    await change("two");
    expect((await stage.invoke("fn", {}, { Qualifier: "1" })).payload).toEqual(["one", "1", `${arn}:1`]);
    expect((await stage.invoke("fn")).payload).toEqual(["two", "$LATEST", arn]);
  });

  it("is not made anew when nothing has changed", async () => {
    expect((await publish()).Version).toBe("1");
    expect((await publish()).Version).toBe("1");
    await change("two");
    expect((await publish()).Version).toBe("2");
  });

  it("is refused when the code is not what the caller thinks", async () => {
    await expect(publish({ CodeSha256: "x" })).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  it("is listed behind $LATEST, and gone when it is deleted", async () => {
    await publish();
    await change("two");
    await publish();
    await stage.client.send(new DeleteFunctionCommand({ FunctionName: "fn", Qualifier: "1" }));
    const { Versions = [] } = await stage.client.send(new ListVersionsByFunctionCommand({ FunctionName: "fn" }));
    expect(Versions.map(({ Version, FunctionArn }) => [Version, FunctionArn])).toEqual([
      ["$LATEST", `${arn}:$LATEST`],
      ["2", `${arn}:2`],
    ]);
    await expect(stage.client.send(new GetFunctionCommand({ FunctionName: "fn:1" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
    });
    await change("three");
    expect((await publish()).Version).toBe("3");
  });
});

describe("an alias", () => {
  const alias = (Name: string, extra: object = {}) =>
    stage.client.send(new CreateAliasCommand({ FunctionName: "fn", Name, FunctionVersion: "1", ...extra }));

  it("points to a version, and can be moved", async () => {
    await publish();
    expect(await alias("live")).toMatchObject({ AliasArn: `${arn}:live`, FunctionVersion: "1" });
    expect(await stage.invoke("fn:live")).toMatchObject({ payload: ["one", "1", `${arn}:live`], version: "1" });
    await change("two");
    await publish();
    await stage.client.send(new UpdateAliasCommand({ FunctionName: "fn", Name: "live", FunctionVersion: "2" }));
    expect((await stage.invoke("fn", {}, { Qualifier: "live" })).payload).toEqual(["two", "2", `${arn}:live`]);
    expect((await stage.client.send(new GetFunctionCommand({ FunctionName: "fn:live" }))).Configuration).toMatchObject({
      Version: "2",
      FunctionArn: `${arn}:live`,
    });
  });

  it("sends a share of the invocations to a second version", async () => {
    await publish();
    await change("two");
    await publish();
    await alias("canary", { RoutingConfig: { AdditionalVersionWeights: { "2": 0.25 } } });
    const answers: unknown[] = [];
    for (let count = 0; count < 200; count++) answers.push((await stage.invoke("fn:canary")).version);
    const share = answers.filter((version) => version === "2").length / answers.length;
    expect(share).toBeGreaterThan(0.15);
    expect(share).toBeLessThan(0.35);
  });

  it.each([
    ["a version that is not there", { FunctionVersion: "7" }, "ResourceNotFoundException"],
    ["a name of digits", { Name: "17" }, "ValidationException"],
    [
      "a weight on $LATEST",
      { RoutingConfig: { AdditionalVersionWeights: { $LATEST: 0.5 } } },
      "InvalidParameterValueException",
    ],
    [
      "a weight on the version itself",
      { RoutingConfig: { AdditionalVersionWeights: { "1": 0.5 } } },
      "InvalidParameterValueException",
    ],
  ])("is refused with %s", async (_what, extra, name) => {
    await publish();
    await expect(alias("bad", extra)).rejects.toMatchObject({ name });
  });

  it("keeps its version from being deleted", async () => {
    await publish();
    await alias("live");
    await expect(
      stage.client.send(new DeleteFunctionCommand({ FunctionName: "fn", Qualifier: "1" })),
    ).rejects.toMatchObject({
      name: "ResourceConflictException",
      message: "Version was not deleted because the following aliases reference it: [live]",
    });
  });

  it("is listed, and gone when it is deleted", async () => {
    await publish();
    await alias("b");
    await alias("a");
    await expect(alias("a")).rejects.toMatchObject({
      name: "ResourceConflictException",
      message: `Alias already exists: ${arn}:a`,
    });
    const names = async () =>
      (await stage.client.send(new ListAliasesCommand({ FunctionName: "fn" }))).Aliases?.map(({ Name }) => Name);
    expect(await names()).toEqual(["a", "b"]);
    await stage.client.send(new DeleteAliasCommand({ FunctionName: "fn", Name: "a" }));
    expect(await names()).toEqual(["b"]);
    await expect(stage.client.send(new GetAliasCommand({ FunctionName: "fn", Name: "a" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `Cannot find alias arn: ${arn}:a`,
    });
  });
});
