/** Closes a review that nobody took the time for. Answers the status of the invoice: a decision at the last moment counts. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { expire } from "./stores/invoice-store.ts";

export const handler = handle({ input: z.object({ invoice_id: z.uuid() }) }, async ({ invoice_id }) => ({
  status: await expire(invoice_id),
}));
