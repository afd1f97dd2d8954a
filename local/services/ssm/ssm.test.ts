/** Parameter Store through its SDK client. */
import * as SDK from "@aws-sdk/client-ssm";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

const refusal = (name: string, message?: RegExp) =>
  expect.objectContaining({ name, ...(message && { message: expect.stringMatching(message) }) });
const put = (cloud: TestCloud, Name: string, Value: string, rest: Partial<SDK.PutParameterCommandInput> = {}) =>
  cloud.client(SDK.SSMClient).send(new SDK.PutParameterCommand({ Name, Value, Type: "String", ...rest }));
const get = async (cloud: TestCloud, Name: string, WithDecryption = false) =>
  (await cloud.client(SDK.SSMClient).send(new SDK.GetParameterCommand({ Name, WithDecryption }))).Parameter;

describe("a parameter", () => {
  it("is put, read by name, version and ARN", async () => {
    await using cloud = await testCloud();
    expect(await put(cloud, "/app/url", "one")).toMatchObject({ Version: 1, Tier: "Standard" });
    expect(await put(cloud, "/app/url", "two", { Overwrite: true })).toMatchObject({ Version: 2 });
    const ARN = "arn:aws:ssm:us-east-1:123456789012:parameter/app/url";
    expect(await get(cloud, "/app/url")).toEqual({
      Name: "/app/url",
      Type: "String",
      Value: "two",
      Version: 2,
      LastModifiedDate: new Date(cloud.clock.now()),
      ARN,
      DataType: "text",
    });
    expect(await get(cloud, "/app/url:1")).toMatchObject({ Value: "one", Selector: ":1" });
    expect(await get(cloud, ARN)).toMatchObject({ Value: "two" });
    await put(cloud, "plain", "x");
    expect(await get(cloud, "arn:aws:ssm:us-east-1:123456789012:parameter/plain")).toMatchObject({
      Name: "plain",
      ARN: "arn:aws:ssm:us-east-1:123456789012:parameter/plain",
    });
    await expect(get(cloud, "/app/url:3")).rejects.toEqual(refusal("ParameterVersionNotFound"));
    await expect(get(cloud, "/none")).rejects.toEqual(refusal("ParameterNotFound"));
  });
  it("that is secure shows its value only when asked", async () => {
    await using cloud = await testCloud();
    await put(cloud, "/s", "hunter2", { Type: "SecureString" });
    const sealed = (await get(cloud, "/s"))?.Value ?? "";
    expect(sealed).not.toContain("hunter2");
    expect(Buffer.from(sealed, "base64").toString()).not.toContain("hunter2");
    expect((await get(cloud, "/s", true))?.Value).toBe("hunter2");
  });
  it.each<[string, string, Partial<SDK.PutParameterCommandInput>, string, RegExp]>([
    ["that is there already", "/a", {}, "ParameterAlreadyExists", /set the overwrite option/],
    ["under aws", "/aws/x", {}, "ValidationException", /can't be prefixed with "aws"/],
    ["with a relative path", "a/b", {}, "ValidationException", /fully qualified/],
    ["with odd characters", "/a b", {}, "ValidationException", /letters, numbers/],
    ["of 16 levels", "/a".repeat(16), {}, "HierarchyLevelLimitExceededException", /maximum of 15 levels/],
    ["too long", "/b", { Value: "x".repeat(4097) }, "ValidationException", /maximum parameter value of 4096/],
    ["empty", "/b", { Value: "" }, "ValidationException", /'value' failed to satisfy constraint/],
    [
      "not fitting its pattern",
      "/b",
      { AllowedPattern: "^\\d+$" },
      "ParameterPatternMismatchException",
      /allowedPattern/,
    ],
    ["without type", "/b", { Type: undefined }, "ValidationException", /A parameter type is required/],
  ])("%s is refused", async (_, Name, rest, name, message) => {
    await using cloud = await testCloud();
    await put(cloud, "/a", "x");
    await expect(put(cloud, Name, "x", rest)).rejects.toEqual(refusal(name, message));
  });
  it("may be larger in the advanced tier, and does not come back", async () => {
    await using cloud = await testCloud();
    await put(cloud, "/a", "x".repeat(8192), { Tier: "Advanced" });
    await expect(put(cloud, "/a", "x", { Tier: "Standard", Overwrite: true })).rejects.toThrow("can't downgrade");
  });
  it("keeps its history", async () => {
    await using cloud = await testCloud();
    for (const value of ["1", "2", "3"]) await put(cloud, "/a", value, { Overwrite: true });
    const { Parameters } = await cloud.client(SDK.SSMClient).send(new SDK.GetParameterHistoryCommand({ Name: "/a" }));
    expect(Parameters?.map(({ Value, Version }) => `${Version}: ${Value}`)).toEqual(["1: 1", "2: 2", "3: 3"]);
  });
});

describe("several parameters", () => {
  it("are read by name, with the unknown ones named", async () => {
    await using cloud = await testCloud();
    await put(cloud, "/a", "1");
    const found = await cloud.client(SDK.SSMClient).send(new SDK.GetParametersCommand({ Names: ["/a", "/b"] }));
    expect(found).toMatchObject({ Parameters: [{ Name: "/a" }], InvalidParameters: ["/b"] });
  });
  it("are read by path, page by page", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SDK.SSMClient);
    for (const name of ["/x/a", "/x/b", "/x/c/d", "/xy", "/x"]) await put(cloud, name, "1");
    const names = async (Recursive: boolean) => {
      const all: (string | undefined)[] = [];
      for await (const { Parameters } of SDK.paginateGetParametersByPath(
        { client, pageSize: 1 },
        { Path: "/x", Recursive },
      ))
        all.push(...(Parameters ?? []).map(({ Name }) => Name));
      return all;
    };
    expect(await names(false)).toEqual(["/x/a", "/x/b"]);
    expect(await names(true)).toEqual(["/x/a", "/x/b", "/x/c/d"]);
  });
  it("are described and deleted", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(SDK.SSMClient);
    await put(cloud, "/a", "1", { Description: "first", Tags: [{ Key: "t", Value: "v" }] });
    await put(cloud, "/b", "2");
    const { Parameters } = await client.send(
      new SDK.DescribeParametersCommand({ ParameterFilters: [{ Key: "tag:t", Values: ["v"] }] }),
    );
    expect(Parameters).toMatchObject([{ Name: "/a", Description: "first", Type: "String", Version: 1 }]);
    const deleted = await client.send(new SDK.DeleteParametersCommand({ Names: ["/a", "/none"] }));
    expect(deleted).toMatchObject({ DeletedParameters: ["/a"], InvalidParameters: ["/none"] });
    await client.send(new SDK.DeleteParameterCommand({ Name: "/b" }));
    await expect(client.send(new SDK.DeleteParameterCommand({ Name: "/b" }))).rejects.toEqual(
      refusal("ParameterNotFound"),
    );
  });
});

it("permissions name each parameter", async () => {
  await using cloud = await testCloud();
  const service = await cloud.dispatcher.load("ssm");
  const arn = (path: string) => `arn:aws:ssm:us-east-1:123456789012:parameter${path}`;
  const asked = (operation: string, input: object) =>
    service.permissions?.(operation, { ...input })?.map(({ resource }) => resource);
  expect(asked("GetParameters", { Names: ["/a", "b:3"] })).toEqual([arn("/a"), arn("/b")]);
  expect(asked("GetParametersByPath", { Path: "/a/" })).toEqual([arn("/a")]);
  expect(asked("GetParameter", { Name: arn("/a/b") })).toEqual([arn("/a/b")]);
});
