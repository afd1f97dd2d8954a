/** What the scenarios do with the app: put documents in, look at what became of them, follow links. */
import { DynamoDBDocumentClient, GetCommand, PutCommand, ScanCommand } from "@aws-sdk/lib-dynamodb";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { PDFDocument, StandardFonts } from "pdf-lib";
import type { Fault } from "#local/core/faults";
import type { LocalApp } from "#local/testing";
import { takeMessages } from "#local/testing/messages";
import type { Invoice } from "../src/stores/invoice-store.ts";
import type { Fields } from "../samples/expected.ts";

/** A digital PDF with a line of text each 20 points. The same lines make the same bytes. */
export async function invoicePdf(lines: readonly string[]): Promise<Uint8Array> {
  const document = await PDFDocument.create({ updateMetadata: false });
  const font = await document.embedFont(StandardFonts.Helvetica);
  const page = document.addPage([595, 842]);
  for (const [index, line] of lines.entries()) page.drawText(line, { x: 50, y: 780 - index * 20, size: 11, font });
  return document.save();
}

export interface Bill {
  readonly payee?: string;
  readonly amount?: string;
  readonly due?: string;
  readonly number?: string;
  /** Makes two documents with the same fields differ. */
  readonly remark?: string;
}

/** An invoice that is read without doubt; null leaves a line out. */
export const billPdf = ({ payee, amount, due, number, remark }: Bill): Promise<Uint8Array> =>
  invoicePdf([
    remark ?? "Invoice for services",
    ...(payee === undefined ? [] : [`Payable to: ${payee}`]),
    ...(amount === undefined ? [] : [`Total due: ${amount}`]),
    ...(due === undefined ? [] : [`Payment due date: ${due}`]),
    ...(number === undefined ? [] : [`Invoice number: ${number}`]),
  ]);

export async function upload(app: LocalApp, Key: string, Body: Uint8Array): Promise<void> {
  await app.client(S3Client).send(new PutObjectCommand({ Bucket: app.resource("ScannedInvoices"), Key, Body }));
}

const tables = new WeakMap<LocalApp, DynamoDBDocumentClient>();
function tablesOf(app: LocalApp): DynamoDBDocumentClient {
  const client = tables.get(app) ?? DynamoDBDocumentClient.from(app.client(DynamoDBClient));
  tables.set(app, client);
  return client;
}

export async function invoices(app: LocalApp): Promise<Invoice[]> {
  const { Items = [] } = await tablesOf(app).send(
    new ScanCommand({ TableName: app.resource("Invoices"), ConsistentRead: true }),
  );
  return Items as Invoice[]; // as the app wrote them
}

/** Those of documents of this name, one for each version that was read. */
export async function invoicesOf(app: LocalApp, key: string): Promise<Invoice[]> {
  const { Items = [] } = await tablesOf(app).send(
    new ScanCommand({
      TableName: app.resource("Invoices"),
      ConsistentRead: true,
      FilterExpression: "invoice_key = :key",
      ExpressionAttributeValues: { ":key": key },
    }),
  );
  return Items as Invoice[]; // as the app wrote them
}

export const invoiceOf = async (app: LocalApp, key: string): Promise<Invoice | undefined> =>
  (await invoicesOf(app, key))[0];

/** How many documents of this name wait, and how many are in the archive. */
export async function placesOf(app: LocalApp, Prefix: string): Promise<{ waiting: number; archived: number }> {
  const [waiting = 0, archived = 0] = await Promise.all(
    ["ScannedInvoices", "ProcessedInvoices"].map(async (bucket) => {
      const { KeyCount } = await app
        .client(S3Client)
        .send(new ListObjectsV2Command({ Bucket: app.resource(bucket), Prefix }));
      return KeyCount ?? 0;
    }),
  );
  return { waiting, archived };
}

/** As a fault: the topic takes no notice of Textract's. */
export const lostNotice: Fault = {
  service: "sns",
  operation: "Publish",
  role: "AnalysisNotifier",
  error: { name: "InternalError", status: 500 },
};

/** Puts a message into a queue that nobody sent who should. */
export const sendJunk = async (app: LocalApp, queue: string, MessageBody: string): Promise<void> =>
  void (await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource(queue), MessageBody })));

/** Takes messages with this text out of the dead letters; answers why each lies there. */
export async function takeAside(app: LocalApp, text: string): Promise<(string | undefined)[]> {
  const mine = await takeMessages(app.cloud, app.resource("DeadLetters"), ({ Body }) => Body === text);
  return mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue);
}

/** Writes an invoice that waits for a person, without a document and without a workflow. */
export async function enter(app: LocalApp, invoice_id: string, invoice_key: string): Promise<void> {
  const Item: Invoice = {
    invoice_id,
    invoice_key,
    bucket_name: app.resource("ScannedInvoices"),
    version_id: "1",
    document_hash: invoice_id,
    created_at: "2030-01-07T12:00:00.000Z",
    status: "Pending Review",
    problems: ["due date missing"],
  };
  await tablesOf(app).send(new PutCommand({ TableName: app.resource("Invoices"), Item }));
}

/** Waits until the invoice of a document has a status; a review stays open meanwhile. */
export const processed = (app: LocalApp, key: string, status?: Invoice["status"]): Promise<Invoice> =>
  app.eventually(async () => {
    const invoice = await invoiceOf(app, key);
    return invoice && (status === undefined || invoice.status === status) ? invoice : undefined;
  }, 3_600);

export const readFields = (invoice: Invoice): Fields => ({
  payee: invoice.payee_name,
  amount: invoice.amount === undefined ? undefined : `${invoice.amount} ${invoice.currency}`,
  "due date": invoice.due_date,
  "invoice number": invoice.invoice_number,
  account: invoice.account_number,
});

/** The mails about a document or invoice, newest last. */
export const mailsAbout = (app: LocalApp, text: string) =>
  app.outbox.filter((mail) => (mail.text ?? "").includes(text));

/** The link in the newest mail about an invoice; the local cloud writes its own address for that of an API. */
export const reviewLink = (app: LocalApp, invoiceId: string, withinSeconds = 3_600): Promise<string> =>
  app.eventually(() => {
    const text = mailsAbout(app, `/reviews/${invoiceId}/`).at(-1)?.text ?? "";
    return /https?:\/\/\S+\/reviews\/[\w-]+\/[\w-]+/.exec(text)?.[0];
  }, withinSeconds);

/** Where the page of a review links to. */
export const documentLink = (html: string): string => (/href="([^"]+)"/.exec(html)?.[1] ?? "").replaceAll("&amp;", "&");

export const look = (link: string): Promise<Response> => fetch(link);
export const decide = (link: string, form: Readonly<Record<string, string>>): Promise<Response> =>
  fetch(link, { method: "POST", body: new URLSearchParams(form) });

export async function reviewRow(app: LocalApp, invoiceId: string): Promise<Record<string, unknown> | undefined> {
  const Key = { invoice_id: invoiceId };
  return (await tablesOf(app).send(new GetCommand({ TableName: app.resource("Reviews"), Key }))).Item;
}
