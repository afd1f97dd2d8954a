/** From a document to a payment record, once. */
import {
  CopyObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectVersionsCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { PutParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { billPdf, invoiceOf, invoicePdf, invoices, mailsAbout, processed, upload } from "./office.ts";

let app: LocalApp;
let s3: S3Client;
beforeAll(async () => {
  app = await deploy("invoice-rpa", { parameters: { ReviewerEmail: "pay@example.com" } });
  s3 = app.client(S3Client);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Has a document worked on until it is paid and archived; reviews that others wait for stay open meanwhile. */
async function approved(key: string, pdf: Uint8Array): Promise<void> {
  await upload(app, key, pdf);
  await processed(app, key, "Approved for Payment");
  await app.eventually(async () => (await versionsOf(key)).length === 0, 3_600);
}

const versionsOf = async (key: string) => {
  const { Versions = [] } = await s3.send(
    new ListObjectVersionsCommand({ Bucket: app.resource("ScannedInvoices"), Prefix: key }),
  );
  return Versions;
};

describe("an invoice that is read without doubt", () => {
  const key = "2026/june (1)+ü %2e.pdf";
  beforeAll(async () =>
    approved(key, await billPdf({ payee: "Acme Power", amount: "$1,234.56", due: "06/17/2026", number: "A-1" })),
  );

  it("is approved, its amount in minor units, its document archived", async () => {
    expect(await invoiceOf(app, key)).toMatchObject({
      status: "Approved for Payment",
      payee_name: "Acme Power",
      amount: 123_456,
      currency: "USD",
      due_date: "2026-06-17",
      invoice_number: "A-1",
      problems: [],
    });
    await s3.send(new HeadObjectCommand({ Bucket: app.resource("ProcessedInvoices"), Key: key }));
    expect(await versionsOf(key)).toEqual([]);
  });

  it("leaves its whole analysis in S3, and nothing that it says in the states", async () => {
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: app.resource("InvoiceAnalyses"), Key: `${key}.json` }),
    );
    const analysis = JSON.parse((await Body?.transformToString()) ?? "") as { blocks: { Text?: string }[] };
    expect(analysis.blocks.map(({ Text }) => Text)).toContain("Payable to: Acme Power");
    const sfn = app.client(SFNClient);
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: app.resource("ProcessScannedInvoice") }),
    );
    const details = await Promise.all(
      executions.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn }))),
    );
    const shown = JSON.stringify(details.map(({ input, output }) => [input, output]));
    expect(shown).toContain("Approved for Payment");
    expect(shown).not.toContain("Acme");
    for (const name of app.functions) expect(JSON.stringify(await app.logs(name))).not.toContain("Acme Power");
  });
});

describe("the same invoice once more", () => {
  it("under another name is a duplicate, and the reviewers hear of it", async () => {
    const pdf = await billPdf({ payee: "Bolt Supply", amount: "$10.00", due: "2026-07-01" });
    await approved("bolt.pdf", pdf);
    await upload(app, "bolt again.pdf", pdf);
    const first = await invoiceOf(app, "bolt.pdf");
    expect(await processed(app, "bolt again.pdf")).toMatchObject({
      status: "Duplicate",
      duplicate_of: first?.invoice_id,
    });
    // Longer than all that follows takes: a second mail would be there.
    await app.advance(600);
    expect(mailsAbout(app, "bolt again.pdf").map(({ subject }) => subject)).toEqual(["An invoice came twice"]);
    expect(await versionsOf("bolt again.pdf")).toHaveLength(1);
  });

  it.each([
    ["with its number, and another day", { number: "N-7", due: "2026-08-01" }, { number: "n 7", due: "2026-09-01" }],
    ["without a number, on the same day", { due: "2026-08-02" }, { due: "08/02/2026" }],
    ["whose number was not read the second time", { number: "N-8", due: "2026-08-03" }, { due: "2026-08-03" }],
  ])("as another document, %s, is for a person", async (name, first, second) => {
    const common = { payee: `Copy Shop ${name.length}`, amount: "45.00" };
    await approved(`${name} 1.pdf`, await billPdf({ ...common, ...first }));
    await upload(
      app,
      `${name} 2.pdf`,
      await billPdf({ ...common, ...second, remark: "a copy", payee: common.payee.toUpperCase() }),
    );
    const invoice = await processed(app, `${name} 2.pdf`);
    expect(invoice).toMatchObject({ status: "Pending Review", problems: ["paid before"] });
  });

  it("at the same moment is approved once", async () => {
    const pdfs = await Promise.all(
      ["one", "two", "three"].map((remark) =>
        billPdf({ payee: "Race Ltd", amount: "77.00", due: "2026-10-01", number: "R-1", remark }),
      ),
    );
    await Promise.all(pdfs.map((pdf, index) => upload(app, `race ${index}.pdf`, pdf)));
    const statuses = await app.eventually(async () => {
      const raced = (await invoices(app)).filter(({ invoice_key }) => invoice_key.startsWith("race "));
      return raced.length === 3 && raced.map(({ status }) => status).sort();
    }, 3_600);
    expect(statuses).toEqual(["Approved for Payment", "Pending Review", "Pending Review"]);
  });

  it("whose upload is told twice is one record", async () => {
    const key = "twice.pdf";
    await upload(app, key, await billPdf({ payee: "Echo", amount: "1.00", due: "2026-11-01" }));
    const [version] = await versionsOf(key);
    const detail = {
      bucket: { name: app.resource("ScannedInvoices") },
      object: { key, size: 9, "version-id": version?.VersionId },
    };
    const event = { id: "1", source: "aws.s3", "detail-type": "Object Created", time: "2030-01-07T12:00:00Z", detail };
    await Promise.all([1, 2].map(() => app.invoke("StartAnalysis", event)));
    await processed(app, key);
    // Longer than any message of these takes.
    await app.advance(600);
    expect((await invoices(app)).filter(({ invoice_key }) => invoice_key === key)).toHaveLength(1);
  });
});

describe("a later upload under the same name", () => {
  it("is an invoice of its own, and stays when the earlier one is archived", async () => {
    const key = "invoice.pdf";
    await upload(app, key, await billPdf({ payee: "Same Name", amount: "1.00", due: "2026-05-01", number: "1" }));
    await upload(app, key, await billPdf({ payee: "Same Name", amount: "2.00" }));
    const both = await app.eventually(async () => {
      const mine = (await invoices(app)).filter(({ invoice_key }) => invoice_key === key);
      const isArchived = (await versionsOf(key)).length === 1;
      return mine.length === 2 && isArchived && mine;
    }, 3_600);
    expect(both.map(({ status }) => status).sort()).toEqual(["Approved for Payment", "Pending Review"]);
    const [left] = await versionsOf(key);
    expect(left?.VersionId).toBe(both.find(({ status }) => status === "Pending Review")?.version_id);
  });
});

describe("what goes to a person", () => {
  const good = { payee: "Doubt Inc", amount: "9.00", due: "2026-06-01" };
  it.each([
    ["no due date", { ...good, due: undefined }, "due date missing"],
    ["a due date in words", { ...good, due: "upon receipt" }, "due date missing"],
    ["no amount", { ...good, amount: undefined }, "amount missing"],
    ["an amount that is none", { ...good, amount: "see below" }, "amount missing"],
    ["a credit", { ...good, amount: "-$5.19" }, "amount not positive"],
    ["no payee", { ...good, payee: undefined }, "payee missing"],
  ])("%s", async (name, bill, problem) => {
    await upload(app, `${name}.pdf`, await billPdf(bill as Parameters<typeof billPdf>[0]));
    const invoice = await processed(app, `${name}.pdf`);
    expect(invoice).toMatchObject({ status: "Pending Review", problems: expect.arrayContaining([problem]) });
    expect(await versionsOf(`${name}.pdf`)).toHaveLength(1);
  });

  it("two totals that differ", async () => {
    await upload(
      app,
      "two totals.pdf",
      await invoicePdf(["Payable to: Two", "Total due: $5.00", "Total due: $6.00", "Due date: 2026-06-01"]),
    );
    expect(await processed(app, "two totals.pdf")).toMatchObject({ problems: ["amount ambiguous"] });
  });

  it("a minimum payment beside no other", async () => {
    await upload(
      app,
      "minimum.pdf",
      await invoicePdf(["Payable to: Card", "Total due: $50.00", "Total Minimum Payment Due $25.00"]),
    );
    expect(await processed(app, "minimum.pdf")).toMatchObject({ amount: 5_000, problems: ["due date missing"] });
  });
});

describe("labels", () => {
  const put = (Value: string) =>
    app.client(SSMClient).send(new PutParameterCommand({ Name: app.resource("Labels"), Value, Overwrite: true }));

  it("are added without code", async () => {
    const lines = ["Betaalbaar aan: De Boer", "Te betalen: 12,50 EUR", "Vervaldatum: 01-06-2026"];
    await upload(app, "boer 1.pdf", await invoicePdf(lines));
    expect(await processed(app, "boer 1.pdf")).toMatchObject({ status: "Pending Review" });
    await put(JSON.stringify({ payee: ["Betaalbaar aan"], amount: ["Te betalen"], dueDate: ["Vervaldatum"] }));
    await upload(app, "boer 2.pdf", await invoicePdf([...lines, "kopie"]));
    expect(await processed(app, "boer 2.pdf")).toMatchObject({
      status: "Approved for Payment",
      payee_name: "De Boer",
      amount: 1_250,
      currency: "EUR",
      due_date: "2026-01-06",
    });
  });

  it("that are wrong stop the invoice, and somebody is told which", async () => {
    await put('{"payee": "Pay to"}');
    await upload(app, "wrong labels.pdf", await billPdf({ payee: "Late", amount: "3.00", due: "2026-06-09" }));
    await app.eventually(() => mailsAbout(app, "wrong labels.pdf").length > 0, 7_200);
    expect(mailsAbout(app, "wrong labels.pdf")[0]?.text).toContain("LabelsInvalid");
    expect(await invoiceOf(app, "wrong labels.pdf")).toBeUndefined();
    await put("{}");
  });
});

describe("a copy within S3", () => {
  it("is an upload like any other", async () => {
    await upload(app, "inbox/a b.pdf", await billPdf({ payee: "Copied", amount: "8.00", due: "2026-06-08" }));
    const [version] = await versionsOf("inbox/a b.pdf");
    await s3.send(
      new CopyObjectCommand({
        Bucket: app.resource("ScannedInvoices"),
        Key: "copied.pdf",
        CopySource: `${app.resource("ScannedInvoices")}/inbox/a%20b.pdf?versionId=${version?.VersionId}`,
      }),
    );
    const statuses = await app.eventually(async () => {
      const both = (await invoices(app)).filter(({ invoice_key }) => /a b|copied/.test(invoice_key));
      return both.length === 2 && both.map(({ status }) => status).sort();
    }, 3_600);
    expect(statuses).toEqual(["Approved for Payment", "Duplicate"]);
  });
});
