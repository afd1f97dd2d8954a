/** The names of the metadata that people search by, and those that no object may be without. */
import { env } from "#shared/environment";
import type { Fields } from "./rows/index-row.ts";

/** S3 keeps the names of user metadata in lower case. */
export const fields: Fields = {
  customer: env.text("CUSTOMER_FIELD", "customer-id").toLowerCase(),
  category: env.text("CATEGORY_FIELD", "category").toLowerCase(),
  received: env.text("RECEIVED_FIELD", "received-date").toLowerCase(),
};

export const required: readonly string[] = (env.optional("REQUIRED_METADATA") ?? "")
  .split(",")
  .map((name) => name.trim().toLowerCase())
  .filter(Boolean);
