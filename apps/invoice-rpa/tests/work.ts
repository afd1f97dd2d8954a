import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Step, Work } from "#local/testing/work";
import {
  billPdf,
  decide,
  documentLink,
  invoicesOf,
  look,
  mailsAbout,
  placesOf,
  sendJunk,
  takeAside,
  upload,
} from "./office.ts";

const AMOUNT = { amount: "12.00", due: "2026-06-17" };
/** How long a reviewer looks for the mail before doing something else. */
const PATIENCE_SECONDS = 60;

/** The same document, byte by byte, whenever it is handed in. */
const paidBill = (id: string) => billPdf({ ...AMOUNT, payee: `Payee ${id}`, number: id });
const doubtfulBill = (id: string) => billPdf({ ...AMOUNT, payee: `Doubt ${id}`, number: id, due: "soon" });
const paidKeys = (id: string): readonly string[] => [`paid-${id}.pdf`, `paid-${id}-copy.pdf`];
const doubtfulKey = (id: string): string => `doubt-${id}.pdf`;
const brokenKey = (id: string): string => `broken-${id}.pdf`;

const handIn =
  (keyOf: (id: string) => string, make: (id: string) => Promise<Uint8Array>): Step =>
  async (app, id) =>
    upload(app, keyOf(id), await make(id));

/** As the mail and the README say: whatever Textract could not read is uploaded again, since nobody but a person knows that it is readable. */
const uploadUnread: Step = async (app, id) => {
  for (const key of paidKeys(id))
    if (subjectsAbout(app, key).at(-1) === "An invoice could not be read") await upload(app, key, await paidBill(id));
};

const subjectsAbout = (app: LocalApp, key: string) => mailsAbout(app, key).map(({ subject }) => subject);

/** At most one invoice of a document is approved; only then is it in the archive, and it is nowhere else before it is there. */
async function expectOnePaid(app: LocalApp, keys: readonly string[]): Promise<void> {
  const all = (await Promise.all(keys.map((key) => invoicesOf(app, key)))).flat();
  const approved = all.filter(({ status }) => status === "Approved for Payment");
  expect(approved.length).toBeLessThanOrEqual(1);
  for (const key of keys) {
    const { waiting, archived } = await placesOf(app, key);
    if (archived > 0) expect(approved.map(({ invoice_key }) => invoice_key)).toContain(key);
    const wasHandedIn = all.some(({ invoice_key }) => invoice_key === key);
    if (wasHandedIn) expect(waiting + archived).toBeGreaterThan(0);
  }
}

/** Follows the newest link; answers what the page says, undefined where no mail has come. */
async function approveByMail(app: LocalApp, id: string): Promise<number | undefined> {
  const text = mailsAbout(app, doubtfulKey(id)).findLast((mail) => mail.text?.includes("/reviews/"))?.text ?? "";
  const [link] = /https?:\/\/\S+\/reviews\/[\w-]+\/[\w-]+/.exec(text) ?? [];
  if (link === undefined) return undefined;
  const page = await look(link);
  const html = await page.text();
  if (page.status !== 200) return page.status;
  if (html.includes("<form")) {
    const document = await fetch(documentLink(html));
    if (document.status !== 200) return document.status;
  }
  const form = { payee: `Doubt ${id}`, amount: "12.00", dueDate: "2026-06-17", decision: "approve" };
  return (await decide(link, form)).status;
}

export const work: Work = {
  parameters: { ReviewerEmail: "pay@example.com", ReviewDays: "1", NoticeMinutes: "2" },
  tasks: {
    "an invoice is paid by itself, and its copy is not": {
      steps: [handIn((id) => `paid-${id}.pdf`, paidBill), handIn((id) => `paid-${id}-copy.pdf`, paidBill)],
      again: uploadUnread,
      sound: (app, id) => expectOnePaid(app, paidKeys(id)),
      async done(app, id) {
        const [ones = [], others = []] = await Promise.all(paidKeys(id).map((key) => invoicesOf(app, key)));
        expect([ones.length, others.length]).toEqual([1, 1]);
        const [one, other] = [...ones, ...others].sort((a, b) => a.status.localeCompare(b.status));
        expect(one).toMatchObject({
          status: "Approved for Payment",
          payee_name: `Payee ${id}`,
          amount: 1_200,
          due_date: AMOUNT.due,
          invoice_number: id,
        });
        expect(other).toMatchObject({ status: "Duplicate", duplicate_of: one?.invoice_id });
        expect(await placesOf(app, one?.invoice_key ?? "")).toEqual({ waiting: 0, archived: 1 });
        expect(await placesOf(app, other?.invoice_key ?? "")).toEqual({ waiting: 1, archived: 0 });
        expect(subjectsAbout(app, other?.invoice_key ?? "")).toContain("An invoice came twice");
      },
    },

    "an invoice in doubt is paid when a person says so": {
      isUrgent: true,
      steps: [
        async (app, id) => {
          const before = await approveByMail(app, id);
          if (before === 200) return;
          // No mail has come, or the time to review is over: then the mail says to upload the document again.
          if (before !== undefined && before !== 410) throw new Error(`The review answered ${before}`);
          const mails = mailsAbout(app, doubtfulKey(id)).length;
          await upload(app, doubtfulKey(id), await doubtfulBill(id));
          await app.eventually(() => mailsAbout(app, doubtfulKey(id)).length > mails, PATIENCE_SECONDS);
          const status = await approveByMail(app, id);
          if (status !== 200) throw new Error(`The review answered ${status}`);
        },
      ],
      sound: (app, id) => expectOnePaid(app, [doubtfulKey(id)]),
      async done(app, id) {
        const found = await invoicesOf(app, doubtfulKey(id));
        const paid = found.filter(({ status }) => status === "Approved for Payment");
        expect(paid).toMatchObject([{ payee_name: `Doubt ${id}`, amount: 1_200, due_date: AMOUNT.due }]);
        expect(await placesOf(app, doubtfulKey(id))).toMatchObject({ archived: 1 });
      },
    },

    "of what is no document a person is told": {
      steps: [handIn(brokenKey, async (id) => Buffer.from(`%PDF-1.7 ${id}`))],
      async done(app, id) {
        expect(subjectsAbout(app, brokenKey(id))).toContain("An invoice could not be read");
        expect(await invoicesOf(app, brokenKey(id))).toEqual([]);
        expect(await placesOf(app, brokenKey(id))).toEqual({ waiting: 1, archived: 0 });
      },
    },

    "messages that are none are put aside with their reason": {
      steps: [
        (app, id) => sendJunk(app, "Uploads", `{${id} upload`),
        (app, id) => sendJunk(app, "CompletedAnalyses", `{${id} notice`),
      ],
      async done(app, id) {
        expect(await takeAside(app, `{${id} upload`)).toContain("InputInvalid");
        expect(await takeAside(app, `{${id} notice`)).toContain("InputInvalid");
      },
    },
  },
};
