/** An object as a search shows it. */
import type { AnswerRow } from "./query.ts";

export interface FoundObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  readonly name: string;
  readonly size?: number;
  readonly eTag?: string;
  readonly contentType?: string;
  readonly customer?: string;
  readonly category?: string;
  readonly receivedOn?: string;
  /** ISO 8601. */
  readonly uploadedAt: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

export function foundObject(row: AnswerRow): FoundObject {
  const optional = {
    size: row["size"] === undefined ? undefined : Number(row["size"]),
    eTag: row["etag"],
    contentType: row["content_type"],
    customer: row["customer"],
    category: row["category"],
    receivedOn: row["received_on"],
  };
  // Athena shows moments as `2030-01-07 12:00:00.000`.
  const uploadedAt = new Date(`${(row["uploaded_at"] ?? "").replace(" ", "T")}Z`).toISOString();
  const known = Object.fromEntries(Object.entries(optional).filter(([, value]) => value !== undefined));
  return {
    bucket: row["bucket"] ?? "",
    key: row["object_key"] ?? "",
    versionId: row["version_id"] ?? "",
    name: row["file_name"] ?? "",
    ...known,
    uploadedAt,
    metadata: pairs(row["metadata"]),
    tags: pairs(row["tags"]),
  };
}

// The statement makes a JSON object of a map of texts.
const pairs = (text = "{}"): Record<string, string> => JSON.parse(text) as Record<string, string>;
