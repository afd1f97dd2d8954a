import {
  DeleteFunctionConcurrencyCommand,
  DeleteFunctionEventInvokeConfigCommand,
  DeleteLayerVersionCommand,
  GetFunctionConcurrencyCommand,
  GetFunctionEventInvokeConfigCommand,
  GetFunctionRecursionConfigCommand,
  GetLayerVersionCommand,
  GetProvisionedConcurrencyConfigCommand,
  ListFunctionEventInvokeConfigsCommand,
  ListLayersCommand,
  ListLayerVersionsCommand,
  PublishLayerVersionCommand,
  PublishVersionCommand,
  PutFunctionConcurrencyCommand,
  PutFunctionEventInvokeConfigCommand,
  PutProvisionedConcurrencyConfigCommand,
  UpdateFunctionEventInvokeConfigCommand,
} from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage } from "./testing/lambda-stage.ts";
import { zipOf } from "./testing/zip.ts";

let stage: LambdaStage;
let arn: string;
beforeAll(async () => {
  stage = await lambdaStage();
  arn = await stage.make("fn", { code: `export const handler = async () => {};` });
});
afterAll(() => stage[Symbol.asyncDispose]());

describe("how asynchronous events are treated", () => {
  const FunctionName = "fn";
  const onFailure = { OnFailure: { Destination: "arn:aws:sqs:us-east-1:123456789012:dead" } };
  const put = (extra: object) => stage.client.send(new PutFunctionEventInvokeConfigCommand({ FunctionName, ...extra }));

  it("is replaced by Put and amended by Update", async () => {
    expect(await put({ MaximumRetryAttempts: 1, DestinationConfig: onFailure })).toMatchObject({
      FunctionArn: `${arn}:$LATEST`,
      MaximumRetryAttempts: 1,
      DestinationConfig: { OnSuccess: {}, ...onFailure },
      LastModified: new Date(stage.cloud.clock.now()),
    });
    const amended = await stage.client.send(
      new UpdateFunctionEventInvokeConfigCommand({ FunctionName, MaximumEventAgeInSeconds: 60 }),
    );
    expect(amended).toMatchObject({
      MaximumRetryAttempts: 1,
      MaximumEventAgeInSeconds: 60,
      DestinationConfig: onFailure,
    });
    const replaced = await put({ MaximumEventAgeInSeconds: 90 });
    expect(replaced.MaximumRetryAttempts).toBeUndefined();
    expect(replaced.DestinationConfig).toEqual({ OnSuccess: {}, OnFailure: {} });
    const { FunctionEventInvokeConfigs } = await stage.client.send(
      new ListFunctionEventInvokeConfigsCommand({ FunctionName }),
    );
    expect(FunctionEventInvokeConfigs).toHaveLength(1);
    await stage.client.send(new DeleteFunctionEventInvokeConfigCommand({ FunctionName }));
    await expect(stage.client.send(new GetFunctionEventInvokeConfigCommand({ FunctionName }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: `The function ${arn}:$LATEST doesn't have an EventInvokeConfig`,
    });
  });

  it.each([
    ["three retries", { MaximumRetryAttempts: 3 }, "ValidationException"],
    ["an age of a second", { MaximumEventAgeInSeconds: 1 }, "ValidationException"],
    [
      "a FIFO queue",
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:sqs:us-east-1:1:a.fifo" } } },
      "InvalidParameterValueException",
    ],
    [
      "a destination that is none",
      { DestinationConfig: { OnFailure: { Destination: "arn:aws:ec2:us-east-1:1:a" } } },
      "InvalidParameterValueException",
    ],
    ["a bucket", { DestinationConfig: { OnFailure: { Destination: "arn:aws:s3:::bucket" } } }, "NotImplemented"],
  ])("refuses %s", async (_what, extra, name) => {
    await expect(put(extra)).rejects.toMatchObject({ name });
  });
});

describe("concurrency", () => {
  it("is reserved, read and released", async () => {
    const FunctionName = "fn";
    await stage.client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: 7 }));
    const read = async () =>
      (await stage.client.send(new GetFunctionConcurrencyCommand({ FunctionName }))).ReservedConcurrentExecutions;
    expect(await read()).toBe(7);
    await stage.client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
    expect(await read()).toBeUndefined();
  });

  it("is provisioned for versions only", async () => {
    const { Version: Qualifier } = await stage.client.send(new PublishVersionCommand({ FunctionName: "fn" }));
    const put = (qualifier: string | undefined) =>
      stage.client.send(
        new PutProvisionedConcurrencyConfigCommand({
          FunctionName: "fn",
          Qualifier: qualifier,
          ProvisionedConcurrentExecutions: 2,
        }),
      );
    await put(Qualifier);
    const input = { FunctionName: "fn", Qualifier };
    expect(await stage.client.send(new GetProvisionedConcurrencyConfigCommand(input))).toMatchObject({
      Status: "READY",
      RequestedProvisionedConcurrentExecutions: 2,
    });
    await expect(put("$LATEST")).rejects.toMatchObject({ name: "InvalidParameterValueException" });
  });

  it("stops loops by default", async () => {
    const answer = await stage.client.send(new GetFunctionRecursionConfigCommand({ FunctionName: "fn" }));
    expect(answer.RecursiveLoop).toBe("Terminate");
  });
});

describe("layers", () => {
  it("are numbered, listed from the newest on, and deleted one by one", async () => {
    const publish = (text: string) =>
      stage.client.send(
        new PublishLayerVersionCommand({
          LayerName: "lib",
          Description: text,
          Content: { ZipFile: zipOf({ "nodejs/x.js": text }) },
          CompatibleRuntimes: ["nodejs24.x"],
        }),
      );
    await publish("one");
    const layerArn = stage.cloud.arn("lambda", "layer:lib");
    expect(await publish("two")).toMatchObject({
      LayerArn: layerArn,
      LayerVersionArn: `${layerArn}:2`,
      Version: 2,
      Content: { CodeSha256: expect.any(String) },
    });
    const versions = async () =>
      (await stage.client.send(new ListLayerVersionsCommand({ LayerName: "lib" }))).LayerVersions?.map(
        ({ Version }) => Version,
      );
    expect(await versions()).toEqual([2, 1]);
    await stage.client.send(new DeleteLayerVersionCommand({ LayerName: "lib", VersionNumber: 2 }));
    expect(await versions()).toEqual([1]);
    expect((await publish("three")).Version).toBe(3);
    const { Layers } = await stage.client.send(new ListLayersCommand({}));
    expect(Layers).toMatchObject([{ LayerName: "lib", LatestMatchingVersion: { Version: 3, Description: "three" } }]);
    await expect(
      stage.client.send(new GetLayerVersionCommand({ LayerName: "lib", VersionNumber: 2 })),
    ).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
