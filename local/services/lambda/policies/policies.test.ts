import {
  AddPermissionCommand,
  GetPolicyCommand,
  PublishVersionCommand,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { asService } from "../../../core/principal.ts";
import { type LambdaStage, lambdaStage } from "../testing/lambda-stage.ts";

const BUCKET = "arn:aws:s3:::pictures";
let stage: LambdaStage;
let arn: string;
beforeEach(async () => {
  stage = await lambdaStage();
  arn = await stage.make("fn", { code: `export const handler = async () => "ran";` });
});
afterEach(() => stage[Symbol.asyncDispose]());

const add = (extra: object = {}) =>
  stage.client.send(
    new AddPermissionCommand({
      FunctionName: "fn",
      StatementId: "s3",
      Action: "lambda:InvokeFunction",
      Principal: "s3.amazonaws.com",
      SourceArn: BUCKET,
      SourceAccount: "123456789012",
      ...extra,
    }),
  );
const callAs = (service: string, source: string, FunctionName = "fn") =>
  stage.cloud.call("lambda", "Invoke", { FunctionName, InvocationType: "Event" }, asService(service, source));

describe("a permission", () => {
  it("is a statement of the function's policy", async () => {
    const { Statement } = await add();
    expect(JSON.parse(Statement ?? "")).toEqual({
      Sid: "s3",
      Effect: "Allow",
      Principal: { Service: "s3.amazonaws.com" },
      Action: "lambda:InvokeFunction",
      Resource: arn,
      Condition: { StringEquals: { "AWS:SourceAccount": "123456789012" }, ArnLike: { "AWS:SourceArn": BUCKET } },
    });
    const { Policy, RevisionId } = await stage.client.send(new GetPolicyCommand({ FunctionName: "fn" }));
    expect(JSON.parse(Policy ?? "")).toMatchObject({
      Version: "2012-10-17",
      Id: "default",
      Statement: [{ Sid: "s3" }],
    });
    expect(RevisionId).toEqual(expect.any(String));
  });

  it("lets exactly that service and source in", async () => {
    await expect(callAs("s3.amazonaws.com", BUCKET)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await add();
    expect(await callAs("s3.amazonaws.com", BUCKET)).toMatchObject({ StatusCode: 202 });
    await expect(callAs("s3.amazonaws.com", "arn:aws:s3:::others")).rejects.toMatchObject({
      name: "AccessDeniedException",
    });
    await expect(callAs("events.amazonaws.com", BUCKET)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("is for one qualifier only", async () => {
    await stage.client.send(new PublishVersionCommand({ FunctionName: "fn" }));
    await add({ Qualifier: "1" });
    expect(await callAs("s3.amazonaws.com", BUCKET, "fn:1")).toMatchObject({ StatusCode: 202 });
    await expect(callAs("s3.amazonaws.com", BUCKET)).rejects.toMatchObject({ name: "AccessDeniedException" });
  });

  it("ends when it is removed", async () => {
    await add();
    await stage.client.send(new RemovePermissionCommand({ FunctionName: "fn", StatementId: "s3" }));
    await expect(callAs("s3.amazonaws.com", BUCKET)).rejects.toMatchObject({ name: "AccessDeniedException" });
    await expect(stage.client.send(new GetPolicyCommand({ FunctionName: "fn" }))).rejects.toMatchObject({
      name: "ResourceNotFoundException",
      message: "The resource you requested does not exist.",
    });
  });

  it.each([
    ["an id twice", {}, "ResourceConflictException", /statement id \(s3\) provided already exists/],
    [
      "a principal that is none",
      { StatementId: "x", Principal: "somebody" },
      "InvalidParameterValueException",
      /principal was invalid/,
    ],
    [
      "an action of another service",
      { StatementId: "x", Action: "s3:GetObject" },
      "ValidationException",
      /at 'action'/,
    ],
    ["$LATEST", { StatementId: "x", Qualifier: "$LATEST" }, "InvalidParameterValueException", /policies for \$LATEST/],
    ["an old revision", { StatementId: "x", RevisionId: "old" }, "PreconditionFailedException", /RevisionId/],
  ])("is refused with %s", async (_what, extra, name, message) => {
    await add();
    await expect(add(extra)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });

  it("cannot be removed twice", async () => {
    await add();
    const remove = new RemovePermissionCommand({ FunctionName: "fn", StatementId: "other" });
    await expect(stage.client.send(remove)).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  });
});
