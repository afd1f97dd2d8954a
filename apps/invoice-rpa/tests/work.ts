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
/** How long a reviewer looks for the mail, at first and after having done something else. */
const AT_ONCE_SECONDS = 60;
const PATIENCE_SECONDS = 900;

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

/** The link in the newest mail about the document, unless a later one says that it is of no use. */
function linkTo(app: LocalApp, key: string): string | undefined {
  const { text = "" } = mailsAbout(app, key).at(-1) ?? {};
  return /https?:\/\/\S+\/reviews\/[\w-]+\/[\w-]+/.exec(text)?.[0];
}

/** Looks at the page and the document, and approves. Throws what a browser would show. */
async function approve(link: string, id: string): Promise<void> {
  const page = await look(link);
  const html = await page.text();
  const shown = html.includes("<form") ? (await fetch(documentLink(html))).status : page.status;
  const form = { payee: `Doubt ${id}`, amount: "12.00", dueDate: AMOUNT.due, decision: "approve" };
  const { status } = await decide(link, form);
  expect([page.status, shown, status]).toEqual([200, 200, 200]);
}

/** Uploads the document, again when a mail says so, and decides by the link that is mailed. */
const uploadAndApprove: Step = async (app, id) => {
  const key = doubtfulKey(id);
  const { waiting, archived } = await placesOf(app, key);
  const mails = mailsAbout(app, key).length;
  const isNew = waiting + archived === 0 || (mails > 0 && linkTo(app, key) === undefined);
  if (isNew) await upload(app, key, await doubtfulBill(id));
  const link = await app.eventually(
    () => (!isNew || mailsAbout(app, key).length > mails) && linkTo(app, key),
    isNew ? AT_ONCE_SECONDS : PATIENCE_SECONDS,
  );
  await approve(link, id);
};

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
      steps: [uploadAndApprove],
      sound: (app, id) => expectOnePaid(app, [doubtfulKey(id)]),
      async done(app, id) {
        const found = await invoicesOf(app, doubtfulKey(id));
        const paid = found.filter(({ status }) => status === "Approved for Payment");
        expect(paid).toMatchObject([{ payee_name: `Doubt ${id}`, amount: 1_200, due_date: AMOUNT.due }]);
        expect(await placesOf(app, doubtfulKey(id))).toMatchObject({ archived: 1 });
      },
    },

    "of what is no document a person is told, and what is no message is put aside": {
      steps: [
        async (app, id) => {
          await upload(app, brokenKey(id), Buffer.from(`%PDF-1.7 ${id}`));
          await sendJunk(app, "Uploads", `{${id} upload`);
          await sendJunk(app, "CompletedAnalyses", `{${id} notice`);
        },
      ],
      async done(app, id) {
        expect(subjectsAbout(app, brokenKey(id))).toContain("An invoice could not be read");
        expect(await invoicesOf(app, brokenKey(id))).toEqual([]);
        expect(await placesOf(app, brokenKey(id))).toEqual({ waiting: 1, archived: 0 });
        expect(await takeAside(app, `{${id} upload`)).toContain("InputInvalid");
        expect(await takeAside(app, `{${id} notice`)).toContain("InputInvalid");
      },
    },
  },
};
