/** Invoices, and what says that one was approved before. */
import {
  GetCommand,
  PutCommand,
  type TransactWriteCommandInput,
  TransactWriteCommand,
  UpdateCommand,
} from "@aws-sdk/lib-dynamodb";
import * as z from "zod/mini";
import { documents } from "#shared/clients/documents";
import { env } from "#shared/environment";
import { Unavailable } from "#shared/errors";
import { type Found, identitiesOf, memoOf, type Payment, type Problem } from "../payment.ts";

const invoices = env.text("INVOICES_TABLE");
const claims = env.text("CLAIMS_TABLE", "");

export type Status = "Approved for Payment" | "Pending Review" | "Rejected" | "Duplicate" | "Review Expired";

const Invoice = z.object({
  invoice_id: z.string(),
  status: z.enum(["Approved for Payment", "Pending Review", "Rejected", "Duplicate", "Review Expired"]),
  bucket_name: z.string(),
  invoice_key: z.string(),
  version_id: z.string(),
  document_hash: z.string(),
  created_at: z.string(),
  problems: z.array(z.string()),
  payee_name: z.optional(z.string()),
  /** In minor units of the currency. */
  amount: z.optional(z.number()),
  currency: z.optional(z.string()),
  due_date: z.optional(z.string()),
  invoice_number: z.optional(z.string()),
  account_number: z.optional(z.string()),
  memo: z.optional(z.string()),
  duplicate_of: z.optional(z.string()),
});
export type Invoice = z.infer<typeof Invoice>;

/** What is known of an invoice beside the payment. */
export type Origin = Pick<
  Invoice,
  "invoice_id" | "bucket_name" | "invoice_key" | "version_id" | "document_hash" | "created_at"
>;

export const paymentFields = (found: Found) => ({
  payee_name: found.payee,
  amount: found.amount?.minor,
  currency: found.amount?.currency,
  due_date: found.dueDate,
  invoice_number: found.invoiceNumber,
  account_number: found.account,
  memo: memoOf(found),
});

export async function findInvoice(invoiceId: string): Promise<Invoice | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: invoices, Key: { invoice_id: invoiceId }, ConsistentRead: true }),
  );
  return Item && z.parse(Invoice, Item);
}

type Write = NonNullable<TransactWriteCommandInput["TransactItems"]>[number];
export type Refusal = "document" | "number" | "day" | "other";

/**
 * Writes what approves an invoice together with its claims, all or nothing. A claim is held by one invoice: what it names is paid once.
 * @param isSure whether a person says that payee, day and amount are the same by chance.
 * Answers what stood against it, surest first; undefined when it is done.
 */
export async function approve(
  payment: Payment,
  { invoice_id: invoiceId, document_hash }: Origin,
  isSure: boolean,
  writes: readonly Write[],
): Promise<Refusal | undefined> {
  const { day, ...certain } = identitiesOf(payment, document_hash);
  const claimed = Object.entries(isSure ? certain : { ...certain, day });
  try {
    await documents.send(
      new TransactWriteCommand({
        TransactItems: [
          ...writes,
          ...claimed.map(([, id]) => ({
            Put: {
              TableName: claims,
              Item: { id, invoiceId },
              ConditionExpression: "attribute_not_exists(id) OR invoiceId = :me",
              ExpressionAttributeValues: { ":me": invoiceId },
            },
          })),
        ],
      }),
    );
    return undefined;
  } catch (error) {
    const codes = cancellationOf(error);
    if (codes.includes("TransactionConflict"))
      throw new Unavailable("The same invoice is being approved at this moment");
    if (codes.slice(0, writes.length).includes("ConditionalCheckFailed")) return "other";
    const lost = codes.slice(writes.length).indexOf("ConditionalCheckFailed");
    const name = claimed[lost]?.[0];
    if (name === "document" || name === "number" || name === "day") return name;
    throw error;
  }
}

const Cancelled = z.object({
  name: z.literal("TransactionCanceledException"),
  CancellationReasons: z.array(z.object({ Code: z.optional(z.string()) })),
});

/** Why a transaction was cancelled, write by write. Throws any other error. */
function cancellationOf(error: unknown): string[] {
  const cancelled = Cancelled.safeParse(error).data;
  if (!cancelled) throw error;
  return cancelled.CancellationReasons.map(({ Code = "None" }) => Code);
}

const asNew = (invoice: Invoice) => ({
  TableName: invoices,
  Item: invoice,
  ConditionExpression: "attribute_not_exists(invoice_id)",
});

/** Answers what stood against it: `other` when the invoice is known. */
export const addApproved = (payment: Payment, origin: Origin): Promise<Refusal | undefined> =>
  approve(payment, origin, false, [
    { Put: asNew({ ...origin, ...paymentFields(payment), status: "Approved for Payment", problems: [] }) },
  ]);

/** Answers the invoice as it is now: as it was before, when it is known. */
export async function addOther(
  origin: Origin,
  found: Found,
  more: { status: "Pending Review" | "Duplicate"; problems: readonly Problem[]; duplicateOf?: string | undefined },
): Promise<Invoice> {
  const { status, problems, duplicateOf: duplicate_of } = more;
  const invoice = { ...origin, ...paymentFields(found), status, problems: [...problems], duplicate_of };
  try {
    await documents.send(new PutCommand(asNew(invoice)));
    return invoice;
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    return (await findInvoice(origin.invoice_id)) ?? invoice;
  }
}

/** The invoice with which this document was approved, if it was. */
export async function approvedWith(documentHash: string): Promise<string | undefined> {
  const { Item } = await documents.send(
    new GetCommand({ TableName: claims, Key: { id: `document|${documentHash}` }, ConsistentRead: true }),
  );
  const { invoiceId } = z.parse(z.object({ invoiceId: z.optional(z.string()) }), Item ?? {});
  return invoiceId;
}

/** For a transaction: the invoice changes its status only while it waits for a person. */
export const decided = (invoiceId: string, changes: Readonly<Record<string, unknown>>): Write => {
  const entries = Object.entries(changes).filter(([, value]) => value !== undefined);
  return {
    Update: {
      TableName: invoices,
      Key: { invoice_id: invoiceId },
      UpdateExpression: `SET ${entries.map((_, index) => `#${index} = :${index}`).join(", ")}`,
      ConditionExpression: "#status = :pending",
      ExpressionAttributeNames: {
        "#status": "status",
        ...Object.fromEntries(entries.map(([name], index) => [`#${index}`, name])),
      },
      ExpressionAttributeValues: {
        ":pending": "Pending Review",
        ...Object.fromEntries(entries.map(([, value], index) => [`:${index}`, value])),
      },
    },
  };
};

/** Answers the status of the invoice after that: another one, when a person was faster. */
export async function expire(invoiceId: string): Promise<Status> {
  try {
    await documents.send(
      new UpdateCommand({
        TableName: invoices,
        Key: { invoice_id: invoiceId },
        UpdateExpression: "SET #status = :expired",
        ConditionExpression: "#status = :pending",
        ExpressionAttributeNames: { "#status": "status" },
        ExpressionAttributeValues: { ":pending": "Pending Review", ":expired": "Review Expired" },
      }),
    );
    return "Review Expired";
  } catch (error) {
    if (!(error instanceof Error && error.name === "ConditionalCheckFailedException")) throw error;
    return (await findInvoice(invoiceId))?.status ?? "Review Expired";
  }
}
