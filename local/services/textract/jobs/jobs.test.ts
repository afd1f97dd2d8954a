import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateBucketCommand, DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateTopicCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import {
  GetDocumentAnalysisCommand,
  type GetDocumentAnalysisRequest,
  StartDocumentAnalysisCommand,
  type StartDocumentAnalysisRequest,
  TextractClient,
} from "@aws-sdk/client-textract";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../../testing.ts";
import { pdfOf } from "../pages-fixture.ts";

const ACCOUNT_TRUST = { AWS: "arn:aws:iam::123456789012:root" };
let cloud: TestCloud;
let textract: TextractClient;
beforeAll(async () => {
  cloud = await testCloud();
  textract = cloud.client(TextractClient);
  await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket: "scans" }));
  await put("two.pdf", await pdfOf([["Invoice No: A-17", 50, 100]], [["Total due: $5", 50, 100]]));
});
afterAll(() => cloud.stop());

const put = async (Key: string, Body: Uint8Array) =>
  void (await cloud.client(S3Client).send(new PutObjectCommand({ Bucket: "scans", Key, Body })));

async function start(Name: string, more: Partial<StartDocumentAnalysisRequest> = {}, as = textract): Promise<string> {
  const { JobId = "" } = await as.send(
    new StartDocumentAnalysisCommand({
      DocumentLocation: { S3Object: { Bucket: "scans", Name } },
      FeatureTypes: ["FORMS"],
      ...more,
    }),
  );
  return JobId;
}
const result = (JobId: string, more: Partial<GetDocumentAnalysisRequest> = {}) =>
  textract.send(new GetDocumentAnalysisCommand({ JobId, ...more }));
const ended = async (JobId: string) => {
  await cloud.clock.settle();
  return result(JobId);
};

async function roleOf(name: string, principal: object, actions: Readonly<Record<string, string>>): Promise<string> {
  const iam = cloud.client(IAMClient);
  const trust = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: principal, Action: "sts:AssumeRole" }],
  };
  const { Role } = await iam.send(
    new CreateRoleCommand({ RoleName: name, AssumeRolePolicyDocument: JSON.stringify(trust) }),
  );
  const Statement = Object.entries(actions).map(([Action, Resource]) => ({ Effect: "Allow", Action, Resource }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName: name, PolicyName: "p", PolicyDocument }));
  return Role?.Arn ?? "";
}

describe("a job", () => {
  it("is in progress, then gives all pages, a page of results at a time", async () => {
    const id = await start("two.pdf");
    expect(await result(id)).toMatchObject({ JobStatus: "IN_PROGRESS" });
    const whole = await ended(id);
    expect(whole).toMatchObject({ JobStatus: "SUCCEEDED", DocumentMetadata: { Pages: 2 } });
    expect(whole.NextToken).toBeUndefined();
    expect(new Set(whole.Blocks?.map(({ Page }) => Page))).toEqual(new Set([1, 2]));
    const parts = [];
    for (let NextToken: string | undefined = ""; NextToken !== undefined;) {
      const part: Awaited<ReturnType<typeof result>> = await result(id, {
        MaxResults: 5,
        ...(NextToken ? { NextToken } : {}),
      });
      expect(part.Blocks?.length).toBeLessThanOrEqual(5);
      parts.push(...(part.Blocks ?? []));
      ({ NextToken } = part);
    }
    expect(parts).toEqual(whole.Blocks);
  });

  it("is started once for a token, which belongs to one request", async () => {
    await put("once.pdf", await pdfOf([["Once", 50, 100]]));
    const first = await start("once.pdf", { ClientRequestToken: "t1" });
    expect(await start("once.pdf", { ClientRequestToken: "t1" })).toBe(first);
    await expect(start("two.pdf", { ClientRequestToken: "t1" })).rejects.toMatchObject({
      name: "IdempotentParameterMismatchException",
    });
  });

  it("succeeds in part when a page cannot be read", async () => {
    const document = await PDFDocument.load(await pdfOf([["Good", 50, 50]], [["Too wide", 50, 50]]));
    document.getPage(1).setSize(9_001, 100);
    await put("half.pdf", await document.save());
    const { JobStatus, Warnings, Blocks } = await ended(await start("half.pdf"));
    expect(JobStatus).toBe("PARTIAL_SUCCESS");
    expect(Warnings).toEqual([{ ErrorCode: "INTERNAL_ERROR", Pages: [2] }]);
    expect(Blocks?.map(({ Text }) => Text)).toContain("Good");
  });

  it.each([
    ["what is no document", "notes.pdf", Buffer.from("hello"), "Request has unsupported document format"],
    ["a broken document", "broken.pdf", Buffer.from("%PDF-1.7 hello"), "Request has bad document"],
  ])("fails for %s", async (_name, key, bytes, message) => {
    await put(key, bytes);
    expect(await ended(await start(key))).toMatchObject({ JobStatus: "FAILED", StatusMessage: message });
  });

  it("fails when the object has gone meanwhile", async () => {
    await put("gone.pdf", await pdfOf([]));
    const id = await start("gone.pdf");
    await cloud.client(S3Client).send(new DeleteObjectCommand({ Bucket: "scans", Key: "gone.pdf" }));
    expect(await ended(id)).toMatchObject({ JobStatus: "FAILED" });
  });

  it("is forgotten after seven days", async () => {
    const id = await start("two.pdf");
    await cloud.clock.advance(7 * 86_400_000);
    await expect(result(id)).rejects.toMatchObject({ name: "InvalidJobIdException" });
  });
});

describe("who is to be told", () => {
  it("is told through the topic, in the role that was passed, once it is willing again", async () => {
    const { TopicArn = "" } = await cloud.client(SNSClient).send(new CreateTopicCommand({ Name: "analysed" }));
    const { QueueUrl = "" } = await cloud.client(SQSClient).send(new CreateQueueCommand({ QueueName: "analysed" }));
    const Policy = { Statement: { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" } };
    await cloud.call(
      "sqs",
      "SetQueueAttributes",
      { QueueUrl, Attributes: { Policy: JSON.stringify(Policy) } },
      { kind: "account" },
    );
    await cloud.client(SNSClient).send(
      new SubscribeCommand({
        TopicArn,
        Protocol: "sqs",
        Endpoint: cloud.arn("sqs", "analysed"),
        Attributes: { RawMessageDelivery: "true" },
      }),
    );
    const RoleArn = await roleOf("publisher", { Service: "textract.amazonaws.com" }, { "sns:Publish": TopicArn });
    const fault = cloud.faults.add({
      service: "sns",
      operation: "Publish",
      error: "throttle",
      times: 3,
      role: "publisher",
    });
    const JobId = await start("two.pdf", { JobTag: "may", NotificationChannel: { SNSTopicArn: TopicArn, RoleArn } });
    await cloud.clock.settle();
    expect(fault.hits).toBe(3);
    const { Messages = [] } = await cloud.client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl }));
    expect(Messages.map(({ Body = "" }) => JSON.parse(Body) as unknown)).toEqual([
      {
        JobId,
        Status: "SUCCEEDED",
        API: "StartDocumentAnalysis",
        JobTag: "may",
        Timestamp: expect.any(Number),
        DocumentLocation: { S3ObjectName: "two.pdf", S3Bucket: "scans" },
      },
    ]);
  });

  it("must be reached in a role that trusts Textract", async () => {
    const RoleArn = await roleOf("other", { Service: "lambda.amazonaws.com" }, { "sns:Publish": "*" });
    const channel = { SNSTopicArn: cloud.arn("sns", "analysed"), RoleArn };
    await expect(start("two.pdf", { NotificationChannel: channel })).rejects.toMatchObject({
      name: "InvalidParameterException",
    });
  });
});

describe("a caller in a role", () => {
  it("needs to read the object and to pass the role for notices", async () => {
    const asRole = async (name: string, actions: Record<string, string>) => {
      const RoleArn = await roleOf(name, ACCOUNT_TRUST, { "textract:*": "*", ...actions });
      const { Credentials } = await cloud
        .client(STSClient)
        .send(new AssumeRoleCommand({ RoleArn, RoleSessionName: "test" }));
      const {
        AccessKeyId: accessKeyId = "",
        SecretAccessKey: secretAccessKey = "",
        SessionToken: sessionToken = "",
      } = Credentials ?? {};
      return cloud.client(TextractClient, { credentials: { accessKeyId, secretAccessKey, sessionToken } });
    };
    const stranger = await asRole("stranger", {});
    await expect(start("two.pdf", {}, stranger)).rejects.toMatchObject({ name: "InvalidS3ObjectException" });
    const reader = await asRole("reader", { "s3:GetObject": "arn:aws:s3:::scans/*" });
    expect(await ended(await start("two.pdf", {}, reader))).toMatchObject({ JobStatus: "SUCCEEDED" });
    const channel = { SNSTopicArn: cloud.arn("sns", "analysed"), RoleArn: "arn:aws:iam::123456789012:role/publisher" };
    await expect(start("two.pdf", { NotificationChannel: channel }, reader)).rejects.toThrow("iam:PassRole");
  });
});

describe("what is refused", () => {
  it.each([
    ["a job that is none", () => result("0".repeat(64)), "InvalidJobIdException"],
    [
      "a token that is none",
      async () =>
        result(await start("two.pdf").then(async (id) => (await cloud.clock.settle(), id)), { NextToken: "x" }),
      "InvalidParameterException",
    ],
    ["an object that is not there", () => start("none.pdf"), "InvalidS3ObjectException"],
    ["a tag with blanks", () => start("two.pdf", { JobTag: "a b" }), "ValidationException"],
    ["no location", () => start("two.pdf", { DocumentLocation: {} }), "InvalidParameterException"],
  ])("%s", async (_name, ask, name) => {
    await expect(ask()).rejects.toMatchObject({ name });
  });

  it("the hundred and first open job", async () => {
    await Promise.all(Array.from({ length: 100 }, () => start("two.pdf")));
    await expect(start("two.pdf")).rejects.toMatchObject({ name: "LimitExceededException" });
    await cloud.clock.settle();
    await start("two.pdf");
  });
});
