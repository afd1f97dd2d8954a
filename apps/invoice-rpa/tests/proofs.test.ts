import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import {
  billPdf,
  decide,
  documentLink,
  enter,
  invoiceOf,
  look,
  lostNotice,
  mailsAbout,
  placesOf,
  processed,
  reviewLink,
  sendJunk,
  takeAside,
  upload,
} from "./office.ts";

const bill = (id: string) => ({ payee: `Payee ${id}`, amount: "12.00", due: "2026-06-17", number: id });

async function putAside(app: LocalApp, queue: string, body: string): Promise<void> {
  await sendJunk(app, queue, body);
  await app.settle();
  expect(await takeAside(app, body)).toContain("InputInvalid");
}

/** A person whose browser shows an error of S3 follows the link again. */
async function statusWithPatience(link: string, tries = 6): Promise<number> {
  const { status } = await fetch(link);
  return status >= 500 && tries > 1 ? statusWithPatience(link, tries - 1) : status;
}

const REVIEW_DAYS = 1;
/** How long work takes that meets no obstacle. */
const AT_ONCE_SECONDS = 20;
const NOTICE_MINUTES = 3;

/** Waits until a document is in the archive, and there alone. */
const archived = (app: LocalApp, key: string, withinSeconds = AT_ONCE_SECONDS): Promise<boolean> =>
  app.eventually(async () => {
    const places = await placesOf(app, key);
    return places.waiting === 0 && places.archived === 1;
  }, withinSeconds);

/** Has a person asked about an invoice without a workflow; answers the link. */
async function asked(app: LocalApp, id: string): Promise<string> {
  const invoice_id = randomUUID();
  await enter(app, invoice_id, `${id}.pdf`);
  const problems = ["due date missing"];
  await app.invoke("RequestReview", { invoice_id, key: `${id}.pdf`, problems, task_token: id });
  return reviewLink(app, invoice_id, AT_ONCE_SECONDS);
}

proofs("invoice-rpa", {
  parameters: {
    ReviewerEmail: "pay@example.com",
    ReviewDays: String(REVIEW_DAYS),
    NoticeMinutes: String(NOTICE_MINUTES),
  },
  uses: {
    "an invoice is approved by itself, and its copy is a duplicate": async (app, id) => {
      const pdf = await billPdf(bill(id));
      await upload(app, `${id}.pdf`, pdf);
      await app.settle();
      const first = await invoiceOf(app, `${id}.pdf`);
      expect(first).toMatchObject({ status: "Approved for Payment" });
      await upload(app, `${id}-copy.pdf`, pdf);
      await app.settle();
      expect(await invoiceOf(app, `${id}-copy.pdf`)).toMatchObject({
        status: "Duplicate",
        duplicate_of: first?.invoice_id,
      });
      expect(mailsAbout(app, `${id}-copy.pdf`).map(({ subject }) => subject)).toContain("An invoice came twice");
      // Archived once more, as after a lost answer, nothing happens.
      await app.invoke("ArchiveDocument", { ...first, key: first?.invoice_key });
      expect(mailsAbout(app, `${id}.pdf`).map(({ subject }) => subject)).not.toContain("An invoice needs help");
    },

    "a person approves": async (app, id) => {
      await upload(app, `${id}.pdf`, await billPdf({ ...bill(id), due: "soon" }));
      const { invoice_id } = await processed(app, `${id}.pdf`);
      const link = await reviewLink(app, invoice_id);
      const html = await (await look(link)).text();
      const documentStatus = await statusWithPatience(documentLink(html));
      const form = { payee: `Payee ${id}`, amount: "12.00", dueDate: "2026-06-17", decision: "approve" };
      expect((await decide(link, form)).status).toBe(200);
      await app.settle();
      // Not before: nobody should have to wait until a review expires that is only not shown.
      expect(documentStatus).toBe(200);
      // A decision at the last moment counts.
      expect(await app.invoke("ExpireReview", { invoice_id })).toEqual({ status: "Approved for Payment" });
      expect(await invoiceOf(app, `${id}.pdf`)).toMatchObject({ status: "Approved for Payment" });
      expect(mailsAbout(app, invoice_id).map(({ subject }) => subject)).not.toContain("Nobody reviewed an invoice");
    },

    "messages that are none are put aside": async (app, id) => {
      await putAside(app, "Uploads", `{${id}`);
      await putAside(app, "CompletedAnalyses", `{${id}`);
    },

    // The short ones, in which a missing grant shows at once, and which leave nothing behind that time would have to pass for.
    "an invoice is approved by itself": async (app, id) => {
      await upload(app, `${id}.pdf`, await billPdf(bill(id)));
      await archived(app, `${id}.pdf`);
    },

    "an invoice whose notice gets lost is approved all the same": async (app, id) => {
      const lost = app.cloud.faults.add(lostNotice);
      await upload(app, `${id}.pdf`, await billPdf(bill(id)));
      await app.eventually(() => lost.hits > 0, AT_ONCE_SECONDS);
      await app.advance(120);
      lost.remove();
      expect(await invoiceOf(app, `${id}.pdf`)).toBeUndefined();
      await archived(app, `${id}.pdf`, NOTICE_MINUTES * 60 + AT_ONCE_SECONDS);
    },

    "what is no document is told": async (app, id) => {
      await upload(app, `${id}.pdf`, Buffer.from(`%PDF-1.7 ${id}`));
      await app.eventually(() => mailsAbout(app, `${id}.pdf`).length > 0, AT_ONCE_SECONDS);
      expect(mailsAbout(app, `${id}.pdf`).map(({ subject }) => subject)).toEqual(["An invoice could not be read"]);
    },

    "a person approves what no workflow waits for": async (app, id) => {
      const link = await asked(app, id);
      expect((await look(link)).status).toBe(200);
      const form = { payee: `Payee ${id}`, amount: "12.00", dueDate: "2026-06-17", decision: "approve" };
      expect((await decide(link, form)).status).toBe(200);
    },

    "a review that no workflow waits for expires, once": async (app, id) => {
      const link = await asked(app, id);
      const invoice_id = link.split("/").at(-2);
      for (let times = 0; times < 2; times++)
        expect(await app.invoke("ExpireReview", { invoice_id })).toEqual({ status: "Review Expired" });
    },

    "nobody takes the time": async (app, id) => {
      await upload(app, `${id}.pdf`, await billPdf({ ...bill(id), due: "soon" }));
      const { invoice_id } = await processed(app, `${id}.pdf`);
      const link = await reviewLink(app, invoice_id);
      await app.advance(REVIEW_DAYS * 86_400 + 60);
      await app.settle();
      expect(await invoiceOf(app, `${id}.pdf`)).toMatchObject({ status: "Review Expired" });
      expect(mailsAbout(app, invoice_id).at(-1)?.subject).toBe("Nobody reviewed an invoice");
      expect((await look(link)).status).toBe(200);
    },
  },
});
