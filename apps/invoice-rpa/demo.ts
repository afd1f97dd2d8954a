/** Thirteen invoices of different layout are read; ten are approved at once, a person decides about one of the others, and a copy is not paid again. */
import type { Demo } from "#local/testing";
import { expectedInvoices, fieldsOf, sampleBytes, scoresOf } from "./samples/expected.ts";
import { formatMoney } from "./src/reading/money.ts";
import type { Invoice } from "./src/stores/invoice-store.ts";
import { decide, invoices, look, processed, readFields, reviewLink, upload } from "./tests/office.ts";

const demo: Demo = async (stage) => {
  const { app } = stage;
  const all = expectedInvoices();
  stage.input(
    "invoices, digital and scanned",
    all.map(({ file, kind }) => `${file.padEnd(24)} ${kind}`),
  );
  stage.progress("Textract reads them");
  for (const { file } of all) await upload(app, file, sampleBytes(file));
  const records = await app.eventually(async () => {
    const found = await invoices(app);
    return found.length === all.length && found;
  }, 3_600);
  await stage.path();
  const byKey = new Map(records.map((record) => [record.invoice_key, record]));
  stage.result(
    "payment records",
    all.map(({ file }) => lineOf(file, byKey.get(file))),
  );

  for (const kind of ["digital", "scan"] as const) {
    const pairs = all.flatMap((expected) => {
      const record = byKey.get(expected.file);
      return expected.kind === kind && record ? [{ expected: fieldsOf(expected), found: readFields(record) }] : [];
    });
    const scores = scoresOf(pairs);
    stage.result(
      `${kind === "digital" ? "digital" : "scanned"} invoices: how well they are read`,
      scores.map(
        ({ field, precision, recall }) =>
          `${field.padEnd(16)} precision ${precision.toFixed(2)}  recall ${recall.toFixed(2)}`,
      ),
    );
    if (kind === "digital")
      stage.check(
        "digital invoices are read without a mistake",
        scores.every(({ precision, recall }) => precision === 1 && recall === 1),
      );
  }
  stage.check(
    "what is decided is what should be",
    all.every(({ file, status }) => byKey.get(file)?.status === status),
  );

  const hosting = byKey.get("hooli-hosting.pdf");
  const link = await reviewLink(app, hosting?.invoice_id ?? "");
  const page = await (await look(link)).text();
  const file = stage.file("review.html", page);
  stage.result(`mail to the reviewer, with a link to this page: ${file}`, [`why: ${hosting?.problems.join(", ")}`]);
  const form = { payee: "Hooli Hosting", amount: "$240.00", dueDate: "June 30, 2026", decision: "approve" };
  await decide(link, form);
  const approved = await processed(app, "hooli-hosting.pdf", "Approved for Payment");
  stage.result(
    "the reviewer adds the due date and approves; the workflow goes on",
    lineOf("hooli-hosting.pdf", approved),
  );
  stage.check("the link works once", (await decide(link, { decision: "reject" })).status === 409);

  await upload(app, "acme-power-again.pdf", sampleBytes("acme-power.pdf"));
  const again = await processed(app, "acme-power-again.pdf");
  stage.result("the same document under another name", lineOf("acme-power-again.pdf", again));
  stage.check("it is not paid again", again.status === "Duplicate");
};

function lineOf(file: string, invoice: Invoice | undefined): string {
  const {
    payee_name: payee = "-",
    amount: minor,
    currency = "",
    due_date: due = "-",
    status,
    problems = [],
  } = invoice ?? {};
  const amount = minor === undefined ? "-" : formatMoney({ minor, currency });
  const why = status === "Pending Review" ? `: ${problems.join(", ")}` : "";
  return `${file.padEnd(24)} ${payee.padEnd(27)} ${amount.padStart(13)} ${due.padEnd(11)} ${status}${why}`;
}

export const parameters = { ReviewerEmail: "payables@example.com" };
export default demo;
