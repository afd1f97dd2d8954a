/** Receiving through the SDK client: rule sets and rules, what SES checks, and what becomes of a mail. */
import {
  CreateBucketCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketPolicyCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import * as SES from "@aws-sdk/client-ses";
import { CreateTopicCommand, SetTopicAttributesCommand, SNSClient, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from "@aws-sdk/client-sqs";
import { describe, expect, it } from "vitest";
import type { OutboxMessage } from "../../sns/outbox.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";
import { type IncomingMail, receiveMail } from "./receive.ts";
import { speaksOf } from "./rules.ts";

const RULES = "arn:aws:ses:us-east-1:123456789012:receipt-rule-set/rules:receipt-rule/*";
const RAW = "From: Ann <ann@example.org>\r\nTo: shop@example.com\r\nSubject: =?utf-8?q?Gr=C3=BCn?=\r\n\r\nhello\r\n";
const named = (name: string, message?: RegExp) =>
  expect.objectContaining({ name, ...(message && { message: expect.stringMatching(message) }) });

async function stage(sourceArn = RULES) {
  const cloud = await testCloud();
  const ses = cloud.client(SES.SESClient);
  const s3 = cloud.client(S3Client);
  await ses.send(new SES.VerifyDomainIdentityCommand({ Domain: "example.com" }));
  await ses.send(new SES.CreateReceiptRuleSetCommand({ RuleSetName: "rules" }));
  await s3.send(new CreateBucketCommand({ Bucket: "mails" }));
  const Policy = JSON.stringify({
    Version: "2012-10-17",
    Statement: {
      Sid: "AllowSESPuts",
      Effect: "Allow",
      Principal: { Service: "ses.amazonaws.com" },
      Action: "s3:PutObject",
      Resource: "arn:aws:s3:::mails/*",
      Condition: {
        StringEquals: { "aws:SourceAccount": "123456789012" },
        ArnLike: { "aws:SourceArn": sourceArn },
      },
    },
  });
  await s3.send(new PutBucketPolicyCommand({ Bucket: "mails", Policy }));
  const rule = (Name: string, Actions: SES.ReceiptAction[], more: Partial<SES.ReceiptRule> = {}, After?: string) =>
    ses.send(
      new SES.CreateReceiptRuleCommand({
        RuleSetName: "rules",
        Rule: { Name, Enabled: true, ScanEnabled: true, Actions, ...more },
        ...(After && { After }),
      }),
    );
  const activate = () => ses.send(new SES.SetActiveReceiptRuleSetCommand({ RuleSetName: "rules" }));
  const receive = (mail: Omit<IncomingMail, "raw"> = {}) => receiveMail(cloud, { raw: Buffer.from(RAW), ...mail });
  const keys = async () =>
    ((await s3.send(new ListObjectsV2Command({ Bucket: "mails" }))).Contents ?? []).map(({ Key = "" }) => Key);
  return { cloud, ses, s3, rule, activate, receive, keys, [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose]() };
}
const store = (ObjectKeyPrefix?: string): SES.ReceiptAction => ({
  S3Action: { BucketName: "mails", ...(ObjectKeyPrefix && { ObjectKeyPrefix }) },
});
const outbox = (cloud: TestCloud) => [...cloud.storage.map<OutboxMessage>("outbox.messages").values()];

/** A topic that SES may publish to, with a queue behind it. */
async function topic(cloud: TestCloud) {
  const sns = cloud.client(SNSClient);
  const sqs = cloud.client(SQSClient);
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: "t" }));
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: "q" }));
  const allow = (service: string, Action: string) =>
    JSON.stringify({ Statement: { Effect: "Allow", Principal: { Service: service }, Action, Resource: "*" } });
  const topicPolicy = allow("ses.amazonaws.com", "sns:Publish").replace('"*"', JSON.stringify(TopicArn));
  await sns.send(new SetTopicAttributesCommand({ TopicArn, AttributeName: "Policy", AttributeValue: topicPolicy }));
  const Policy = allow("sns.amazonaws.com", "sqs:SendMessage");
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy } }));
  await sns.send(
    new SubscribeCommand({
      TopicArn,
      Protocol: "sqs",
      Endpoint: "arn:aws:sqs:us-east-1:123456789012:q",
      Attributes: { RawMessageDelivery: "true" },
    }),
  );
  const messages = async () => {
    await cloud.clock.settle();
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    return Messages.map(({ Body = "" }) => Body);
  };
  return { TopicArn, messages };
}

describe("a rule set", () => {
  it("is made, described, activated, and not deleted while it is active", async () => {
    await using it = await stage();
    const { ses } = it;
    await expect(ses.send(new SES.CreateReceiptRuleSetCommand({ RuleSetName: "rules" }))).rejects.toEqual(
      named("AlreadyExistsException"),
    );
    await expect(ses.send(new SES.CreateReceiptRuleSetCommand({ RuleSetName: "-x" }))).rejects.toEqual(
      named("InvalidParameterValue"),
    );
    expect((await ses.send(new SES.DescribeActiveReceiptRuleSetCommand({}))).Metadata).toBeUndefined();
    await it.activate();
    expect((await ses.send(new SES.DescribeActiveReceiptRuleSetCommand({}))).Metadata?.Name).toBe("rules");
    await expect(ses.send(new SES.DeleteReceiptRuleSetCommand({ RuleSetName: "rules" }))).rejects.toEqual(
      named("CannotDeleteException", /active/),
    );
    await ses.send(new SES.SetActiveReceiptRuleSetCommand({}));
    await ses.send(new SES.DeleteReceiptRuleSetCommand({ RuleSetName: "rules" }));
    expect((await ses.send(new SES.ListReceiptRuleSetsCommand({}))).RuleSets).toEqual([]);
    await expect(ses.send(new SES.DescribeReceiptRuleSetCommand({ RuleSetName: "rules" }))).rejects.toEqual(
      named("RuleSetDoesNotExistException"),
    );
    await expect(ses.send(new SES.SetActiveReceiptRuleSetCommand({ RuleSetName: "none" }))).rejects.toEqual(
      named("RuleSetDoesNotExistException"),
    );
  });

  it("keeps its rules in order", async () => {
    await using it = await stage();
    await it.rule("one", []);
    await it.rule("zero", []);
    await it.rule("two", [], {}, "one");
    const names = async () =>
      (await it.ses.send(new SES.DescribeReceiptRuleSetCommand({ RuleSetName: "rules" }))).Rules?.map(
        ({ Name }) => Name,
      );
    expect(await names()).toEqual(["zero", "one", "two"]);
    await expect(it.rule("one", [])).rejects.toEqual(named("AlreadyExistsException"));
    await expect(it.rule("three", [], {}, "none")).rejects.toEqual(named("RuleDoesNotExistException"));
    await it.ses.send(new SES.DeleteReceiptRuleCommand({ RuleSetName: "rules", RuleName: "one" }));
    expect(await names()).toEqual(["zero", "two"]);
    const Rule = { Name: "two", Recipients: ["a@example.com"] };
    await it.ses.send(new SES.UpdateReceiptRuleCommand({ RuleSetName: "rules", Rule }));
    const { Rule: two } = await it.ses.send(
      new SES.DescribeReceiptRuleCommand({ RuleSetName: "rules", RuleName: "two" }),
    );
    expect(two).toMatchObject({ Enabled: false, Recipients: ["a@example.com"] });
  });
});

describe("a rule", () => {
  it("leaves a setup notification where it may write, and is refused where it may not", async () => {
    await using it = await stage();
    await it.rule("r", [store("in/")]);
    expect(await it.keys()).toEqual(["in/AMAZON_SES_SETUP_NOTIFICATION"]);
    await using other = await stage(RULES.replace("rules:", "others:"));
    await expect(other.rule("r", [store()])).rejects.toEqual(
      named("InvalidS3ConfigurationException", /Could not write to bucket: mails/),
    );
    expect(await other.keys()).toEqual([]);
  });

  it.each<[string, SES.ReceiptAction, string, Partial<SES.ReceiptRule>?]>([
    [
      "a function that is not there",
      { LambdaAction: { FunctionArn: "arn:aws:lambda:us-east-1:123456789012:function:f" } },
      "InvalidLambdaFunctionException",
    ],
    [
      "a topic that is not there",
      { SNSAction: { TopicArn: "arn:aws:sns:us-east-1:123456789012:none" } },
      "InvalidSnsTopicException",
    ],
    ["two actions in one", { ...store(), StopAction: { Scope: "RuleSet" } }, "InvalidParameterValue"],
    [
      "an action that is not there",
      { WorkmailAction: { OrganizationArn: "arn:aws:workmail:us-east-1:1:organization/m-1" } },
      "NotImplemented",
    ],
    [
      "101 recipients",
      store(),
      "LimitExceededException",
      { Recipients: Array.from({ length: 101 }, (_, i) => `a${i}@example.com`) },
    ],
    ["no recipient", store(), "InvalidParameterValue", { Recipients: ["not one"] }],
  ])("is refused with %s", async (_, action, name, more = {}) => {
    await using it = await stage();
    await expect(it.rule("r", [action], more)).rejects.toEqual(named(name));
  });

  it.each([
    [undefined, "anybody@example.com", true],
    [["shop@example.com"], "Shop@Example.com", true],
    [["shop@example.com"], "other@example.com", false],
    [["example.com"], "other@example.com", true],
    [["example.com"], "other@mail.example.com", false],
    [[".example.com"], "other@mail.example.com", true],
    [[".example.com"], "other@example.com", false],
  ])("for %o speaks of %s: %s", (Recipients, address, expected) => {
    expect(speaksOf({ Name: "r", ...(Recipients && { Recipients }) }, address)).toBe(expected);
  });
});

describe("a mail", () => {
  it("is stored under each rule's own prefix, behind the headers of SES", async () => {
    await using it = await stage();
    await it.rule("first", [store("a/")]);
    await it.rule("second", [store("b/")], { Recipients: ["example.com"] }, "first");
    await it.rule("off", [store("off/")], { Enabled: false }, "second");
    await it.rule("foreign", [store("foreign/")], { Recipients: ["other@example.com"] }, "second");
    await it.activate();
    const { messageId, actions } = await it.receive({ verdicts: { spf: "FAIL" } });
    expect(messageId).toMatch(/^[0-9a-v]{40}$/);
    expect(actions).toEqual([
      { rule: "first", action: "S3Action" },
      { rule: "second", action: "S3Action" },
    ]);
    expect((await it.keys()).filter((key) => !key.includes("SETUP"))).toEqual([`a/${messageId}`, `b/${messageId}`]);
    const { Body } = await it.s3.send(new GetObjectCommand({ Bucket: "mails", Key: `a/${messageId}` }));
    const text = (await Body?.transformToString()) ?? "";
    expect(text).toMatch(/^Return-Path: <ann@example.org>\r\nReceived: from [^]*X-SES-Spam-Verdict: PASS\r\n/);
    expect(text).toContain("spf=fail; dkim=pass; dmarc=pass");
    expect(text.endsWith(RAW)).toBe(true);
  });

  it("is told to a topic with its contents, verdicts and headers", async () => {
    await using it = await stage();
    const { TopicArn, messages } = await topic(it.cloud);
    await it.rule("r", [{ SNSAction: { TopicArn } }], { ScanEnabled: false });
    await it.activate();
    const { messageId } = await it.receive({ from: "bounce@example.org", verdicts: { dmarc: "FAIL" } });
    const [, notification] = await messages();
    expect(JSON.parse(notification ?? "")).toMatchObject({
      notificationType: "Received",
      mail: {
        messageId,
        source: "bounce@example.org",
        destination: ["shop@example.com"],
        headersTruncated: false,
        commonHeaders: { returnPath: "bounce@example.org", from: ["Ann <ann@example.org>"], subject: "Grün" },
      },
      receipt: {
        recipients: ["shop@example.com"],
        spamVerdict: { status: "DISABLED" },
        virusVerdict: { status: "DISABLED" },
        spfVerdict: { status: "PASS" },
        dmarcVerdict: { status: "FAIL" },
        dmarcPolicy: "reject",
        action: { type: "SNS", topicArn: TopicArn },
      },
      content: expect.stringContaining("hello"),
    });
  });

  it("is bounced, and goes no further than a stop", async () => {
    await using it = await stage();
    const BounceAction = { SmtpReplyCode: "550", Message: "No such box", Sender: "mailer@example.com" };
    await it.rule("bounce", [{ BounceAction }, { StopAction: { Scope: "RuleSet" } }]);
    await it.rule("behind", [store("behind/")], {}, "bounce");
    await it.activate();
    await it.receive();
    expect(outbox(it.cloud)).toMatchObject([{ to: ["ann@example.org"], text: expect.stringContaining("550") }]);
    expect((await it.keys()).filter((key) => !key.includes("SETUP"))).toEqual([]);
    await it.receive({ from: "" });
    expect(outbox(it.cloud)).toHaveLength(1);
  });

  it("of many headers is described by the first ten kilobytes of them", async () => {
    await using it = await stage();
    const { TopicArn, messages } = await topic(it.cloud);
    await it.rule("r", [{ S3Action: { BucketName: "mails", TopicArn } }]);
    await it.activate();
    const raw = Buffer.from(Array.from({ length: 200 }, (_, i) => `X-${i}: ${"x".repeat(100)}\r\n`).join("") + RAW);
    await receiveMail(it.cloud, { raw });
    const told = (await messages()).map((body) => (body.startsWith("{") ? JSON.parse(body) : undefined));
    const { mail, receipt } = told.find((value) => value !== undefined);
    expect(mail.headersTruncated).toBe(true);
    expect(mail.headers.length).toBeLessThan(100);
    expect(receipt.action).toMatchObject({ type: "S3", bucketName: "mails", objectKey: mail.messageId });
  });

  it.each<[string, Omit<IncomingMail, "raw">, RegExp]>([
    ["for a domain that is not verified", { to: ["a@example.net"] }, /verified identity/],
    ["for nobody", { to: [] }, /No valid recipients/],
    ["that no rule speaks of", { to: ["nobody@example.com"] }, /No receipt rule speaks of/],
    ["with a line end in its envelope", { from: "a@b.org>\r\nBcc: <c@d.org" }, /Bad address syntax/],
  ])("%s is refused", async (_, mail, message) => {
    await using it = await stage();
    await it.rule("r", [store()], { Recipients: ["shop@example.com"] });
    await it.activate();
    await expect(it.receive(mail)).rejects.toEqual(named("MessageRejected", message));
  });

  it("needs an active rule set", async () => {
    await using it = await stage();
    await it.rule("r", [store()]);
    await expect(it.receive()).rejects.toThrow("550 5.1.1 No receipt rule set is active. There are: rules");
  });

  it("whose bucket is closed by now goes to nobody behind it", async () => {
    await using it = await stage();
    await it.rule("r", [store(), { StopAction: { Scope: "RuleSet" } }]);
    await it.activate();
    await it.s3.send(
      new PutBucketPolicyCommand({
        Bucket: "mails",
        Policy: JSON.stringify({
          Statement: { Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "arn:aws:s3:::mails/*" },
        }),
      }),
    );
    expect((await it.receive()).actions).toEqual([
      { rule: "r", action: "S3Action", failure: expect.stringContaining("s3:PutObject") },
    ]);
  });
});
