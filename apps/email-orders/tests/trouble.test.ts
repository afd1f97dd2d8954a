import {
  GetFunctionConfigurationCommand,
  GetPolicyCommand,
  LambdaClient,
  RemovePermissionCommand,
} from "@aws-sdk/client-lambda";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateReceiptRuleCommand, SESClient } from "@aws-sdk/client-ses";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { allEndings, answersTo, deployShop, endingOf, mailOf, ordersOf, send, SHOP } from "./mails.ts";

const OPS = "ops@example.com";
let app: LocalApp;
beforeAll(async () => {
  app = await deployShop({ parameters: { AlarmEmail: OPS, LargestMailBytes: "20000", KeepMailDays: "2" } });
});
afterAll(() => app[Symbol.asyncDispose]());

/** The alarms that have rung so far. */
const alarms = () => app.outbox.flatMap(({ to, subject = "" }) => (to.includes(OPS) ? [subject] : []));

/** An event of SES for a mail that is stored already, or is not. */
const eventOf = (messageId: string, source = "ann@example.org") => ({
  eventSource: "aws:ses",
  eventVersion: "1.0",
  ses: {
    mail: { messageId, source, timestamp: "2030-01-07T12:00:00.000Z" },
    receipt: Object.fromEntries(
      ["spam", "virus", "spf", "dkim", "dmarc"].map((name) => [`${name}Verdict`, { status: "PASS" }]),
    ),
  },
});

describe("an event of SES", () => {
  it("that comes twice, and twice at once, changes nothing more", async () => {
    const before = await allEndings(app);
    const order = await send(app, mailOf("ann@example.org", "1 x A"));
    const parked = await send(app, mailOf("ann@example.org, bob@example.org", "1 x A"), { from: "ann@example.org" });
    const events = [order, parked].map((mail) => ({ Records: [eventOf(mail)] }));
    for (const event of events) await app.invoke("ReceiveMail", event);
    for (const event of events) await Promise.all([app.invoke("ReceiveMail", event), app.invoke("ReceiveMail", event)]);
    await app.settle();
    expect(await ordersOf(app, "ann@example.org")).toHaveLength(1);
    expect(answersTo(app, "ann@example.org")).toHaveLength(1);
    expect(await endingOf(app, order)).toMatchObject({ outcome: "accepted" });
    expect(await endingOf(app, parked)).toMatchObject({ outcome: "parked" });
    expect(await allEndings(app)).toHaveLength(before.length + 2);
    expect(await app.messages("DeadAnswers")).toEqual([]);
  });

  it("may hold several mails: one that is none is put aside, and its neighbours are read", async () => {
    const stored = ["n1", "n2"].map((name) => [name, `${name}@example.org`] as const);
    for (const [name, sender] of stored) {
      const Key = `monitor/${name}`;
      await app
        .client(S3Client)
        .send(new PutObjectCommand({ Bucket: app.resource("MailBucket"), Key, Body: mailOf(sender, "1 x A") }));
    }
    const [one, two] = stored.map(([name, sender]) => eventOf(name, sender));
    await app.invoke("ReceiveMail", { Records: [one, { eventSource: "aws:ses", ses: {} }, eventOf("../../etc"), two] });
    await app.settle();
    for (const [name, sender] of stored) {
      expect(await ordersOf(app, sender)).toHaveLength(1);
      expect(await endingOf(app, name)).toMatchObject({ outcome: "accepted" });
    }
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual([
      "InputInvalid",
      "InputInvalid",
    ]);
  });

  it("is tried three times, then kept with its reason, and an alarm rings", async () => {
    const fault = app.cloud.faults.add({
      service: "dynamodb",
      operation: "PutItem",
      error: { name: "InternalServerError", message: "down", status: 500 },
      times: 1_000,
      role: "ReceiveMail",
    });
    const mail = await send(app, mailOf("tried@example.org", "1 x A"));
    fault.remove();
    expect(await endingOf(app, mail)).toBeUndefined();
    await app.advance(120);
    expect(alarms()).toContainEqual(expect.stringMatching(/DeadLettersAlarm/));
    const [dead, ...others] = await app.messages("DeadLetters");
    expect(others).toEqual([]);
    const { requestPayload } = JSON.parse(dead?.Body ?? "") as { requestPayload: unknown };
    await app.invoke("ReceiveMail", requestPayload);
    await app.settle();
    expect(await endingOf(app, mail)).toMatchObject({ outcome: "accepted" });
    expect(answersTo(app, "tried@example.org")).toHaveLength(1);
  });
});

describe("an answer", () => {
  it("that SES cannot send waits among the dead answers, rings, and is sent once after a redrive", async () => {
    const fault = app.cloud.faults.add({
      service: "sesv2",
      operation: "SendEmail",
      error: { name: "AccountSuspendedException", message: "suspended", status: 400 },
      times: 1_000,
    });
    await send(app, mailOf("waits@example.org", "1 x A"));
    fault.remove();
    expect(answersTo(app, "waits@example.org")).toEqual([]);
    expect(await ordersOf(app, "waits@example.org")).toMatchObject([{ status: "ACCEPTED" }]);
    await app.advance(180);
    expect(alarms()).toContainEqual(expect.stringMatching(/DeadAnswersAlarm/));
    const dead = await app.messages("DeadAnswers");
    expect(dead).toHaveLength(1);
    for (const { Body } of [...dead, ...dead])
      await app
        .client(SQSClient)
        .send(new SendMessageCommand({ QueueUrl: app.resource("Answers"), MessageBody: Body }));
    await app.settle();
    expect(answersTo(app, "waits@example.org")).toHaveLength(1);
  });

  it("that there is none of is put aside, and its neighbours are sent", async () => {
    const QueueUrl = app.resource("Answers");
    for (const MessageBody of ["{}", '{"email":"x@example.org","orderId":"EO-0"}', "not JSON"])
      await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody }));
    await send(app, mailOf("beside@example.org", "1 x A"));
    expect(answersTo(app, "beside@example.org")).toHaveLength(1);
    const dead = await app.messages("DeadAnswers");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue).sort()).toEqual([
      "InputInvalid",
      "InputInvalid",
      "NotFound",
    ]);
  });
});

describe("a mail that cannot be read", () => {
  it("is parked with its reason, and an alarm rings; the size at the limit is read", async () => {
    const padded = (bytes: number) => {
      const raw = mailOf("big@example.org", "1 x A\r\n-- \r\n");
      return raw + "s".repeat(bytes - raw.length);
    };
    const front = await frontBytes();
    const fits = await send(app, padded(20_000 - front));
    const over = await send(app, padded(20_001 - front), { from: "big@example.org" });
    const bomb = Array.from(
      { length: 40 },
      (_, i) => `Content-Type: multipart/mixed; boundary="${i}"\r\n\r\n--${i}\r\n`,
    );
    const deep = await send(app, `From: deep@example.org\r\nTo: ${SHOP}\r\n${bomb.join("")}\r\n1 x A`);
    expect(await endingOf(app, fits)).toMatchObject({ outcome: "accepted" });
    expect(await endingOf(app, over)).toMatchObject({
      outcome: "parked",
      reason: "The mail is larger than 20000 bytes",
    });
    expect(await endingOf(app, deep)).toMatchObject({
      outcome: "parked",
      reason: expect.stringContaining("too deeply"),
    });
    await app.advance(7_200);
    expect(alarms()).toContainEqual(expect.stringMatching(/ParkedMailsAlarm/));
  });
});

it("no word and no address of a mail gets into the logs, the ledger or the headers of answers", async () => {
  const secrets = ["hushhush", "quietman", "unspoken"];
  const bodies = ["1 x hushhush", "0 x hushhush", "hushhush"];
  for (const [n, body] of bodies.entries()) {
    const headers = { Subject: "unspoken", "Message-ID": `<${n}@quietman.example.org>` };
    await send(app, mailOf("Quietman <quietman@example.org>", body, headers));
    await send(app, mailOf("quietman@example.org", body, { ...headers, Precedence: "bulk" }), { from: "" });
  }
  await send(app, mailOf("quietman@example.org, unspoken@example.org", "hushhush"), { from: "quietman@example.org" });
  const logs = [...(await app.logs("ReceiveMail")), ...(await app.logs("SendAnswer"))].map(({ message }) => message);
  expect(logs.length).toBeGreaterThan(5);
  for (const secret of secrets) {
    expect(logs.join("\n")).not.toContain(secret);
    expect(JSON.stringify(await allEndings(app))).not.toContain(secret);
    expect(app.outbox.map(({ subject }) => subject).join()).not.toContain(secret);
  }
});

it("raw mails are forgotten after their days, accepted orders are not", async () => {
  const mail = await send(app, mailOf("kept@example.org", "1 x A"));
  await send(app, mailOf("gone@example.org", "0 x A"));
  await app.advance(4 * 86_400);
  const { KeyCount } = await app
    .client(S3Client)
    .send(new ListObjectsV2Command({ Bucket: app.resource("MailBucket") }));
  expect(KeyCount).toBe(0);
  expect(await endingOf(app, mail)).toBeUndefined();
  expect(await ordersOf(app, "gone@example.org")).toEqual([]);
  expect(await ordersOf(app, "kept@example.org")).toHaveLength(1);
});

it("SES invokes nobody without the function's permission, and takes no rule that could not", async () => {
  await using other = await deployShop();
  const lambda = other.client(LambdaClient);
  const FunctionName = other.resource("ReceiveMail");
  const { Policy = "{}" } = await lambda.send(new GetPolicyCommand({ FunctionName }));
  const { Statement } = JSON.parse(Policy) as { Statement: { Sid: string; Condition: object }[] };
  expect(Statement.map(({ Condition }) => Object.keys(Condition))).toEqual([["StringEquals", "ArnLike"]]);
  for (const { Sid } of Statement) await lambda.send(new RemovePermissionCommand({ FunctionName, StatementId: Sid }));
  await expect(send(other, mailOf("lost@example.org", "1 x A"))).rejects.toThrow(/LambdaAction failed.*InvokeFunction/);
  const { FunctionArn = "" } = await lambda.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const Rule = { Name: "another", Actions: [{ LambdaAction: { FunctionArn } }] };
  await expect(
    other.client(SESClient).send(new CreateReceiptRuleCommand({ RuleSetName: other.outputs["RuleSet"], Rule })),
  ).rejects.toMatchObject({ name: "InvalidLambdaFunctionException" });
});

/** How many bytes SES puts in front of a mail. */
async function frontBytes(): Promise<number> {
  const raw = mailOf("size@example.org", "nothing");
  const mail = await send(app, raw, { verdicts: { spam: "FAIL" }, from: "big@example.org" });
  const { Contents = [] } = await app
    .client(S3Client)
    .send(new ListObjectsV2Command({ Bucket: app.resource("MailBucket"), Prefix: `monitor/${mail}` }));
  // The verdict of this one has as many letters as that of the others.
  return (Contents[0]?.Size ?? 0) - raw.length;
}
