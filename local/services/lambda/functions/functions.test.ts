import {
  CreateFunctionCommand,
  DeleteFunctionCommand,
  GetAccountSettingsCommand,
  GetFunctionCommand,
  GetFunctionConfigurationCommand,
  ListFunctionsCommand,
  ListTagsCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
} from "@aws-sdk/client-lambda";
import { CreateBucketCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type LambdaStage, lambdaStage, makeRole } from "../testing/lambda-stage.ts";
import { zipOf } from "../testing/zip.ts";

const CODE = `export const handler = async () => process.env.ANSWER ?? "first";`;
const error = (name: string, message: string | RegExp) =>
  expect.objectContaining({ name, message: typeof message === "string" ? message : expect.stringMatching(message) });

let stage: LambdaStage;
let role: string;
beforeAll(async () => {
  stage = await lambdaStage();
  role = await makeRole(stage.cloud, "role", []);
});
afterAll(() => stage[Symbol.asyncDispose]());

const minimal = (extra: object = {}) => ({
  FunctionName: "fn",
  Role: role,
  Runtime: "nodejs24.x" as const,
  Handler: "index.handler",
  Code: { ZipFile: zipOf({ "index.mjs": CODE }) },
  ...extra,
});

describe("a new function", () => {
  it("has the defaults of Lambda", async () => {
    const arn = await stage.make("defaults", { code: CODE, timeout: 3, memory: 128 });
    const answer = await stage.client.send(new GetFunctionConfigurationCommand({ FunctionName: "defaults" }));
    const { $metadata: _, ...configuration } = answer;
    expect(configuration).toEqual({
      FunctionName: "defaults",
      FunctionArn: arn,
      Runtime: "nodejs24.x",
      Role: expect.stringContaining("role/defaults-role"),
      Handler: "index.handler",
      CodeSize: expect.any(Number),
      CodeSha256: expect.stringMatching(/^[A-Za-z0-9+/]{43}=$/),
      Description: "",
      Timeout: 3,
      MemorySize: 128,
      LastModified: "2030-01-07T12:00:00.000+0000",
      Version: "$LATEST",
      TracingConfig: { Mode: "PassThrough" },
      RevisionId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      State: "Active",
      LastUpdateStatus: "Successful",
      PackageType: "Zip",
      Architectures: ["x86_64"],
      EphemeralStorage: { Size: 512 },
      SnapStart: { ApplyOn: "None", OptimizationStatus: "Off" },
      LoggingConfig: { LogFormat: "Text", LogGroup: "/aws/lambda/defaults" },
    });
  });

  it("takes its code from S3", async () => {
    const s3 = stage.cloud.client(S3Client);
    await s3.send(new CreateBucketCommand({ Bucket: "packages" }));
    await s3.send(new PutObjectCommand({ Bucket: "packages", Key: "fn.zip", Body: zipOf({ "index.mjs": CODE }) }));
    await stage.make("from-s3", { code: CODE, extra: { Code: { S3Bucket: "packages", S3Key: "fn.zip" } } });
    expect((await stage.invoke("from-s3")).payload).toBe("first");
  });

  it.each([
    ["a name twice", {}, "ResourceConflictException", "Function already exist: fn"],
    [
      "a name with a space",
      { FunctionName: "a b" },
      "ValidationException",
      /at 'functionName' failed to satisfy constraint/,
    ],
    ["a name of 65 letters", { FunctionName: "x".repeat(65) }, "ValidationException", /at 'functionName'/],
    [
      "no runtime",
      { FunctionName: "x", Runtime: undefined },
      "InvalidParameterValueException",
      /^Runtime and Handler are mandatory/,
    ],
    ["another language", { FunctionName: "x", Runtime: "python3.13" }, "NotImplemented", /the runtime python3\.13/],
    [
      "too long a timeout",
      { FunctionName: "x", Timeout: 901 },
      "ValidationException",
      "1 validation error detected: Value '901' at 'timeout' failed to satisfy constraint: Member must have value less than or equal to 900",
    ],
    [
      "too little memory",
      { FunctionName: "x", MemorySize: 64 },
      "ValidationException",
      /Value '64' at 'memorySize'.*greater than or equal to 128/,
    ],
    ["a role that is none", { FunctionName: "x", Role: "me" }, "ValidationException", /at 'role'/],
    [
      "a role that is not there",
      { FunctionName: "x", Role: "arn:aws:iam::123456789012:role/nobody" },
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
    ],
    [
      "no code",
      { FunctionName: "x", Code: {} },
      "InvalidParameterValueException",
      "Please provide a source for function code.",
    ],
    [
      "no archive",
      { FunctionName: "x", Code: { ZipFile: Buffer.from("x") } },
      "InvalidParameterValueException",
      /^Could not unzip uploaded file/,
    ],
    [
      "an object that is not there",
      { FunctionName: "x", Code: { S3Bucket: "packages", S3Key: "none" } },
      "InvalidParameterValueException",
      /^Error occurred while GetObject\. S3 Error Code: NoSuchKey\./,
    ],
    [
      "a reserved variable",
      { FunctionName: "x", Environment: { Variables: { AWS_REGION: "x" } } },
      "InvalidParameterValueException",
      /Reserved keys used in this request: AWS_REGION$/,
    ],
    [
      "too many variables",
      { FunctionName: "x", Environment: { Variables: { A: "x".repeat(4100) } } },
      "InvalidParameterValueException",
      /exceeded the 4KB limit/,
    ],
    [
      "a log level for text",
      { FunctionName: "x", LoggingConfig: { LogFormat: "Text", SystemLogLevel: "WARN" } },
      "InvalidParameterValueException",
      /LogFormat is set to JSON/,
    ],
  ] as const)("is refused with %s", async (_what, extra, name, message) => {
    await stage.client.send(new CreateFunctionCommand(minimal())).catch(() => {});
    const input = minimal(extra) as ConstructorParameters<typeof CreateFunctionCommand>[0];
    await expect(stage.client.send(new CreateFunctionCommand(input))).rejects.toEqual(error(name, message));
  });
});

describe("a function that is changed", () => {
  it("runs its new code at the next invocation", async () => {
    await stage.make("changing", { code: CODE });
    expect((await stage.invoke("changing")).payload).toBe("first");
    const ZipFile = zipOf({ "index.mjs": `export const handler = async () => "second";` });
    await stage.client.send(new UpdateFunctionCodeCommand({ FunctionName: "changing", ZipFile }));
    expect((await stage.invoke("changing")).payload).toBe("second");
  });

  it("sees its new variables, and keeps what was not mentioned", async () => {
    await stage.make("variable", { code: CODE, timeout: 7 });
    await stage.invoke("variable");
    const answer = await stage.client.send(
      new UpdateFunctionConfigurationCommand({
        FunctionName: "variable",
        Environment: { Variables: { ANSWER: "42" } },
      }),
    );
    expect(answer).toMatchObject({ Timeout: 7, Environment: { Variables: { ANSWER: "42" } } });
    expect((await stage.invoke("variable")).payload).toBe("42");
  });

  it("lets running invocations end as they began", async () => {
    await stage.make("running", {
      code: `export const handler = async () => { await new Promise((r) => setTimeout(r, 10_000)); return "old"; };`,
    });
    const running = stage.invoke("running");
    await stage.cloud.clock.advance(1_000);
    const ZipFile = zipOf({ "index.mjs": `export const handler = async () => "new";` });
    await stage.client.send(new UpdateFunctionCodeCommand({ FunctionName: "running", ZipFile }));
    expect((await stage.invoke("running")).payload).toBe("new");
    expect((await running).payload).toBe("old");
  });

  it("is not changed over somebody else's change", async () => {
    await stage.make("contested", { code: CODE });
    const { RevisionId } = await stage.client.send(new GetFunctionConfigurationCommand({ FunctionName: "contested" }));
    const change = new UpdateFunctionConfigurationCommand({ FunctionName: "contested", Timeout: 5, RevisionId });
    await stage.client.send(change);
    await expect(stage.client.send(change)).rejects.toEqual(error("PreconditionFailedException", /latest RevisionId/));
  });
});

describe("naming a function", () => {
  it.each(["fn", "123456789012:function:fn", "arn:aws:lambda:us-east-1:123456789012:function:fn", "fn:$LATEST"])(
    "works with %s",
    async (FunctionName) => {
      await stage.client.send(new CreateFunctionCommand(minimal())).catch(() => {});
      const { Configuration } = await stage.client.send(new GetFunctionCommand({ FunctionName }));
      expect(Configuration?.FunctionName).toBe("fn");
    },
  );

  it("says which one is not there", async () => {
    await expect(stage.client.send(new GetFunctionCommand({ FunctionName: "none" }))).rejects.toEqual(
      error("ResourceNotFoundException", "Function not found: arn:aws:lambda:us-east-1:123456789012:function:none"),
    );
    await expect(
      stage.client.send(new GetFunctionCommand({ FunctionName: "none", Qualifier: "live" })),
    ).rejects.toEqual(error("ResourceNotFoundException", /function:none:live$/));
  });

  it("refuses two qualifiers that contradict each other", async () => {
    await expect(stage.client.send(new GetFunctionCommand({ FunctionName: "fn:1", Qualifier: "2" }))).rejects.toEqual(
      error("InvalidParameterValueException", /derived qualifier/),
    );
  });
});

describe("listing and deleting", () => {
  it("pages through all functions by name", async () => {
    await using own = await lambdaStage();
    for (const name of ["c", "a", "e", "b", "d"]) await own.make(name, { code: CODE });
    const names: (string | undefined)[][] = [];
    let Marker: string | undefined;
    do {
      const page = await own.client.send(new ListFunctionsCommand({ MaxItems: 2, Marker }));
      names.push((page.Functions ?? []).map(({ FunctionName }) => FunctionName));
      Marker = page.NextMarker;
    } while (Marker !== undefined);
    expect(names).toEqual([["a", "b"], ["c", "d"], ["e"]]);
    const { AccountUsage } = await own.client.send(new GetAccountSettingsCommand({}));
    expect(AccountUsage?.FunctionCount).toBe(5);
  });

  it("forgets a deleted function", async () => {
    await stage.make("gone", { code: CODE });
    await stage.invoke("gone");
    await stage.client.send(new DeleteFunctionCommand({ FunctionName: "gone" }));
    await expect(stage.invoke("gone")).rejects.toEqual(error("ResourceNotFoundException", /gone$/));
    await stage.make("gone", { code: `export const handler = async () => "reborn";` }).catch(() => {});
  });

  it("keeps tags", async () => {
    const Resource = await stage.make("tagged", { code: CODE, extra: { Tags: { app: "a", stage: "b" } } });
    await stage.client.send(new TagResourceCommand({ Resource, Tags: { stage: "c", team: "d" } }));
    await stage.client.send(new UntagResourceCommand({ Resource, TagKeys: ["app"] }));
    expect((await stage.client.send(new ListTagsCommand({ Resource }))).Tags).toEqual({ stage: "c", team: "d" });
  });
});
