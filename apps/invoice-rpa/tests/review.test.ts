/** A person decides, once, and the workflow goes on. */
import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import {
  type Bill,
  billPdf,
  decide,
  documentLink,
  invoiceOf,
  look,
  mailsAbout,
  processed,
  reviewLink,
  reviewRow,
  upload,
} from "./office.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("invoice-rpa", { parameters: { ReviewerEmail: "pay@example.com", ReviewDays: "7" } });
});
afterAll(() => app[Symbol.asyncDispose]());

async function waiting(key: string, bill: Bill = { payee: "Nobody Ltd", amount: "12.00" }) {
  await upload(app, key, await billPdf({ remark: key, ...bill }));
  const invoice = await processed(app, key, "Pending Review");
  return { id: invoice.invoice_id, link: await reviewLink(app, invoice.invoice_id) };
}

/** The output of the workflow that worked on an invoice, once it has ended. */
const outcome = (id: string) =>
  app.eventually(async () => {
    const sfn = app.client(SFNClient);
    const { executions = [] } = await sfn.send(
      new ListExecutionsCommand({ stateMachineArn: app.resource("ProcessScannedInvoice") }),
    );
    for (const { executionArn } of executions) {
      const { input = "", output, status } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      if (input.includes(id) && status !== "RUNNING") return output ?? status;
    }
    return undefined;
  }, 3_600);

const correct = { payee: "Nobody Ltd", amount: "$12.00", dueDate: "June 30, 2026", decision: "approve" };

describe("a review", () => {
  it("shows what was found and why it waits, and looking changes nothing", async () => {
    const { id, link } = await waiting("look <b>.pdf");
    const answer = await look(link);
    const html = await answer.text();
    expect(answer.status).toBe(200);
    expect(html).toContain("due date missing");
    expect(html).toContain('value="Nobody Ltd"');
    expect(html).toContain('value="12.00 USD"');
    expect(html).toContain("look &lt;b&gt;.pdf");
    expect(answer.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(answer.headers.get("referrer-policy")).toBe("no-referrer");
    const shown = await fetch(documentLink(html));
    expect(
      Buffer.from(await shown.arrayBuffer())
        .subarray(0, 5)
        .toString(),
    ).toBe("%PDF-");
    expect(await invoiceOf(app, "look <b>.pdf")).toMatchObject({ invoice_id: id, status: "Pending Review" });
  });

  it("that is approved with corrections pays what the person says, and the document is archived", async () => {
    const { id, link } = await waiting("approve.pdf");
    const answer = await decide(link, { ...correct, amount: "1.234,50 €", invoiceNumber: "77" });
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining("approved for payment")]);
    expect(await outcome(id)).toContain("Approved for Payment");
    expect(await invoiceOf(app, "approve.pdf")).toMatchObject({
      status: "Approved for Payment",
      amount: 123_450,
      currency: "EUR",
      due_date: "2026-06-30",
      invoice_number: "77",
    });
    await app
      .client(S3Client)
      .send(new HeadObjectCommand({ Bucket: app.resource("ProcessedInvoices"), Key: "approve.pdf" }));
  });

  it("that is rejected ends, and the document stays", async () => {
    const { id, link } = await waiting("reject.pdf");
    expect((await decide(link, { decision: "reject" })).status).toBe(200);
    expect(await outcome(id)).toContain("Rejected");
    await app
      .client(S3Client)
      .send(new HeadObjectCommand({ Bucket: app.resource("ScannedInvoices"), Key: "reject.pdf" }));
  });

  it.each([
    ["approve", "Approved for Payment"],
    ["reject", "Rejected"],
  ])("that is answered (%s) by a mail of which nobody knew that it was sent is decided", async (decision, status) => {
    const unknown = app.cloud.faults.add({
      service: "sns",
      operation: "Publish",
      role: "RequestReview",
      error: { name: "InternalError", status: 500 },
      afterwards: true,
    });
    const payee = `Unknown ${decision}`;
    const { id, link } = await waiting(`unknown ${decision}.pdf`, { payee, amount: "1.00" });
    expect((await decide(link, { ...correct, payee, decision })).status).toBe(200);
    expect(await outcome(id)).toContain(status);
    unknown.remove();
  });

  it("is decided once: the same again is the same, the contrary is refused", async () => {
    const { id, link } = await waiting("once.pdf", { payee: "Once", amount: "1.00" });
    const twice = await Promise.all([1, 2].map(() => decide(link, { ...correct, payee: "Once", amount: "1.00" })));
    expect(twice.map(({ status }) => status)).toEqual([200, 200]);
    expect((await decide(link, { decision: "reject" })).status).toBe(409);
    expect(await outcome(id)).toContain("Approved for Payment");
    expect(await (await look(link)).text()).toContain("nothing left to do");
  });
});

describe("an approval", () => {
  it.each([
    ["without a payee", { payee: "  " }, "Who is to be paid?"],
    ["of no amount", { amount: "a lot" }, "The amount is no amount"],
    ["of nothing", { amount: "0" }, "above zero"],
    ["without a day", { dueDate: "soon" }, "The due date is no date"],
    ["that says neither", { decision: "maybe" }, "Choose"],
  ])("%s is refused, and can be mended", async (name, change, sentence) => {
    const { link } = await waiting(`refused ${name}.pdf`);
    const answer = await decide(link, { ...correct, ...change });
    expect([answer.status, await answer.text()]).toEqual([422, expect.stringContaining(sentence)]);
    expect(await invoiceOf(app, `refused ${name}.pdf`)).toMatchObject({ status: "Pending Review" });
  });

  it("of what was paid before is refused, until the person says that it is another one", async () => {
    await upload(app, "paid.pdf", await billPdf({ payee: "Gym", amount: "30.00", due: "2026-06-05" }));
    await processed(app, "paid.pdf", "Approved for Payment");
    const { id, link } = await waiting("maybe.pdf", { payee: "Gym", amount: "30.00", due: "2026-06-05" });
    const form = { payee: "GYM", amount: "30", dueDate: "2026-06-05", decision: "approve" };
    const refused = await decide(link, form);
    expect([refused.status, await refused.text()]).toEqual([409, expect.stringContaining("approved before")]);
    expect((await decide(link, { ...form, isSure: "yes" })).status).toBe(200);
    expect(await outcome(id)).toContain("Approved for Payment");
  });

  it("of a number that was paid before cannot be forced", async () => {
    await upload(
      app,
      "numbered.pdf",
      await billPdf({ payee: "Club", amount: "30.00", due: "2026-06-05", number: "C-1" }),
    );
    await processed(app, "numbered.pdf", "Approved for Payment");
    const { link } = await waiting("forced.pdf", { payee: "Club", amount: "30.00", number: "C-1" });
    const form = {
      payee: "Club",
      amount: "30",
      dueDate: "2026-07-05",
      invoiceNumber: "C-1",
      isSure: "yes",
      decision: "approve",
    };
    expect((await decide(link, form)).status).toBe(409);
    expect((await decide(link, { decision: "reject" })).status).toBe(200);
  });
});

describe("a link", () => {
  it("that is wrong, of another invoice or odd is not found", async () => {
    const { id, link } = await waiting("mine.pdf");
    const other = await waiting("other.pdf");
    const base = link.slice(0, link.indexOf("/reviews/"));
    const token = link.slice(link.lastIndexOf("/") + 1);
    const wrong = [
      `${id}/${"A".repeat(43)}`,
      `${other.id}/${token}`,
      `none/${token}`,
      `__proto__/${token}`,
      `${id}/%00`,
      `${id}/..%2f`,
    ];
    const answers = await Promise.all(
      wrong.flatMap((path) => [look(`${base}/reviews/${path}`), decide(`${base}/reviews/${path}`, correct)]),
    );
    expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 404));
  });

  it("is kept as a hash, and neither logged nor in a state", async () => {
    const { id, link } = await waiting("secret.pdf");
    await look(link);
    const token = link.slice(link.lastIndexOf("/") + 1);
    expect(token.length).toBeGreaterThan(40);
    const row = await reviewRow(app, id);
    expect(JSON.stringify(row)).not.toContain(token);
    for (const name of app.functions) expect(JSON.stringify(await app.logs(name))).not.toContain(token);
  });
});

// The last, as it lets days pass: whatever came after it would have to start anew.
describe("a review that nobody took the time for", () => {
  it("is of no use when its time is over; the file stays and somebody is told", async () => {
    const { id, link } = await waiting("late.pdf");
    await app.advance(7 * 86_400 + 60);
    expect(await outcome(id)).toContain("Review Expired");
    expect((await decide(link, correct)).status).toBe(410);
    expect(await invoiceOf(app, "late.pdf")).toMatchObject({ status: "Review Expired" });
    expect(mailsAbout(app, id).at(-1)?.subject).toBe("Nobody reviewed an invoice");
  });
});
