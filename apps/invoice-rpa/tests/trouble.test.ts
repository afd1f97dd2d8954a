/** What goes wrong around the app: Textract is busy or fails, documents are none, messages are poison. */
import { GetObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PDFDocument } from "pdf-lib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { billPdf, invoiceOf, lostNotice, mailsAbout, processed, upload } from "./office.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("invoice-rpa", {
    parameters: { ReviewerEmail: "pay@example.com", AlarmEmail: "ops@example.com", MostPages: "3" },
  });
});
afterAll(() => app[Symbol.asyncDispose]());

const good = (number: string) =>
  billPdf({ payee: `Patient ${number}`, amount: "5.00", due: "2026-06-01", number, remark: number });

describe("Textract", () => {
  it.each(["LimitExceededException", "ProvisionedThroughputExceededException", "ThrottlingException"])(
    "that answers %s is asked again until it has time",
    async (name) => {
      const fault = app.cloud.faults.add({
        service: "textract",
        operation: "StartDocumentAnalysis",
        error: { name, status: 400 },
        times: 12,
      });
      await upload(app, `${name}.pdf`, await billPdf({ payee: name, amount: "5.00", due: "2026-06-01" }));
      expect(await processed(app, `${name}.pdf`)).toMatchObject({ status: "Approved for Payment" });
      expect(fault.hits).toBe(12);
      fault.remove();
    },
  );

  it("that gives its results by and by is heard to the end", async () => {
    const document = await PDFDocument.load(await good("long"));
    const font = await document.embedFont("Helvetica");
    const page = document.addPage([595, 842]);
    for (let line = 0; line < 80; line++)
      page.drawText(Array.from({ length: 16 }, (_, word) => `w${line}x${word}`).join(" "), {
        x: 20,
        y: 830 - line * 10,
        size: 7,
        font,
      });
    await upload(app, "long.pdf", await document.save());
    await processed(app, "long.pdf", "Approved for Payment");
    const { Body } = await app
      .client(S3Client)
      .send(new GetObjectCommand({ Bucket: app.resource("InvoiceAnalyses"), Key: "long.pdf.json" }));
    const { blocks } = JSON.parse((await Body?.transformToString()) ?? "") as { blocks: { Text?: string }[] };
    expect(blocks.length).toBeGreaterThan(1_000);
    expect(blocks.map(({ Text }) => Text)).toContain("w79x15");
  });

  it("whose notice gets lost is asked after a while", async () => {
    const lost = app.cloud.faults.add(lostNotice);
    await upload(app, "untold.pdf", await good("untold"));
    await app.advance(600);
    expect(lost.hits).toBeGreaterThan(0);
    lost.remove();
    expect(await invoiceOf(app, "untold.pdf")).toBeUndefined();
    expect(await processed(app, "untold.pdf")).toMatchObject({ status: "Approved for Payment" });
  });

  it("that could read some pages only leaves the decision to a person", async () => {
    const document = await PDFDocument.load(await good("half"));
    document.addPage([9_001, 100]);
    await upload(app, "half.pdf", await document.save());
    expect(await processed(app, "half.pdf")).toMatchObject({ status: "Pending Review", problems: ["pages unread"] });
  });

  it.each([
    ["what is no document", "letter.docx", () => Buffer.from("PK\u0003\u0004 a letter")],
    ["a broken PDF", "broken.pdf", () => Buffer.from("%PDF-1.7 broken")],
    ["an empty file", "empty.pdf", () => Buffer.alloc(0)],
  ])("that cannot read %s fails the workflow, and people are told", async (_name, key, make) => {
    await upload(app, key, make());
    await app.eventually(() => mailsAbout(app, key).length > 0, 3_600);
    expect(mailsAbout(app, key).map(({ subject }) => subject)).toEqual(["An invoice could not be read"]);
    expect(await invoiceOf(app, key)).toBeUndefined();
  });
});

describe("a document of too many pages", () => {
  it("is no invoice: people are told", async () => {
    const document = await PDFDocument.load(await good("book"));
    for (let page = 0; page < 3; page++) document.addPage();
    await upload(app, "book.pdf", await document.save());
    await app.eventually(() => mailsAbout(app, "book.pdf").length > 0, 3_600);
    expect(mailsAbout(app, "book.pdf")[0]?.text).toContain("DocumentTooLong");
  });

  it("at the limit is read", async () => {
    const document = await PDFDocument.load(await good("booklet"));
    for (let page = 0; page < 2; page++) document.addPage();
    await upload(app, "booklet.pdf", await document.save());
    expect(await processed(app, "booklet.pdf")).toMatchObject({ status: "Approved for Payment" });
  });
});

describe("odd names", () => {
  it.each([
    "a/../up.pdf",
    "a%2eb%2fc.pdf",
    "line\nbreak.pdf",
    "__proto__",
    "plus+and space.pdf",
    `${"x".repeat(1_020)}.pdf`.slice(0, 1_024),
  ])("such as %j are names", async (key) => {
    await upload(app, key, await billPdf({ payee: `Odd ${key.length}`, amount: "5.00", due: "2026-06-01" }));
    expect(await processed(app, key)).toMatchObject({ status: "Approved for Payment" });
  });
});

describe("poison", () => {
  const send = (queue: string, MessageBody: string) =>
    app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource(queue), MessageBody }));

  it("among uploads and notices is put aside with its reason, its neighbours are worked on, and an alarm rings", async () => {
    await send("Uploads", "{");
    await upload(app, "neighbour.pdf", await good("neighbour"));
    await send(
      "CompletedAnalyses",
      JSON.stringify({
        Type: "Notification",
        TopicArn: "t",
        MessageId: "m",
        Timestamp: "2030-01-07T12:00:00Z",
        Message: '{"JobId":"j"}',
      }),
    );
    expect(await processed(app, "neighbour.pdf")).toMatchObject({ status: "Approved for Payment" });
    await app.advance(180);
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual([
      "InputInvalid",
      "InputInvalid",
    ]);
    expect(app.outbox.filter(({ to }) => to.includes("ops@example.com")).map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining("DeadLetters"),
    );
  });

  it("a folder made by the console is nothing", async () => {
    await upload(app, "2026/", Buffer.alloc(0));
    await app.advance(60);
    expect(mailsAbout(app, "2026/")).toEqual([]);
  });
});
