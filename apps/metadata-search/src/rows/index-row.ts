/** One row of the index: what happened to one version of one object, and what was known of it then. Rows are added, never changed. */
export interface IndexRow {
  readonly bucket: string;
  readonly key: string;
  /** The key behind its last slash. */
  readonly fileName: string;
  /** `null` where the bucket has no versions, as S3 calls it. */
  readonly versionId: string;
  /** Orders everything that happened to a key, as text. */
  readonly eventOrder: string;
  /** `marker`: a deletion that only hides older versions. */
  readonly kind: "created" | "deleted" | "marker";
  readonly eventName: string;
  readonly size: number | undefined;
  readonly eTag: string | undefined;
  readonly contentType: string | undefined;
  readonly customer: string | undefined;
  readonly category: string | undefined;
  /** The day (`YYYY-MM-DD`) that the uploader says, else that of the upload. */
  readonly receivedOn: string;
  /** ISO 8601: when it happened to the object. */
  readonly uploadedAt: string;
  /** As the uploader set it; names in lower case, as S3 keeps them. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Whether the object was still there to be asked for its metadata. */
  readonly isRead: boolean;
  /** ISO 8601. */
  readonly indexedAt: string;
}

/** What an object says of itself when it is asked. */
export interface ObjectDescription {
  readonly size: number;
  readonly eTag: string;
  readonly contentType: string | undefined;
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
}

/** The names under which uploaders tell what people search by. */
export interface Fields {
  readonly customer: string;
  readonly category: string;
  readonly received: string;
}

export interface Happening {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly kind: IndexRow["kind"];
  readonly name: string;
  readonly time: string;
  readonly eventOrder: string;
  readonly size?: number;
  readonly eTag?: string;
}

/** Sequencers have different lengths and compare when padded on the left (Event message structure, Amazon S3 User Guide). */
const SEQUENCER_DIGITS = 32;
const NO_VERSION = "null";

/** The order of an event of S3. */
export const orderOfEvent = (sequencer: string | undefined, time: string): string =>
  sequencer === undefined
    ? orderOfListed(Date.parse(time), 0)
    : `1${sequencer.toUpperCase().padStart(SEQUENCER_DIGITS, "0")}`;

/**
 * The order of what a listing found, which knows no sequencer: before every event, since an event of the same version says more; then
 * by time; then as S3 lists the versions of a key, the latest first.
 * @param position 0 for the latest version of the key
 */
export function orderOfListed(modifiedAtMs: number, position: number): string {
  const backwards = (0xff_ff_ff_ff - position).toString(16).padStart(8, "0");
  return `0${`${modifiedAtMs.toString(16)}${backwards}`.toUpperCase().padStart(SEQUENCER_DIGITS, "0")}`;
}

/** The row of something that happened. `description` is missing for deletions, and for what was gone before it could be asked. */
export function rowOf(
  { bucket, key, versionId = NO_VERSION, kind, name, time, eventOrder, size, eTag }: Happening,
  description: ObjectDescription | undefined,
  fields: Fields,
  indexedAt: string,
): IndexRow {
  const metadata = description?.metadata ?? {};
  const uploadedAt = new Date(time).toISOString();
  return {
    bucket,
    key,
    fileName: key.slice(key.lastIndexOf("/") + 1),
    versionId,
    eventOrder,
    kind,
    eventName: name,
    size: description?.size ?? size,
    eTag: description?.eTag ?? eTag,
    contentType: description?.contentType,
    customer: metadata[fields.customer],
    category: metadata[fields.category],
    receivedOn: dayIn(metadata[fields.received]) ?? uploadedAt.slice(0, 10),
    uploadedAt,
    metadata,
    tags: description?.tags ?? {},
    isRead: description !== undefined,
    indexedAt,
  };
}

/** The day with which a text begins, if there is such a day. */
export function dayIn(text: string | undefined): string | undefined {
  const [day] = /^\d{4}-\d\d-\d\d(?=$|T)/.exec(text ?? "") ?? [];
  const date = new Date(`${day ?? ""}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(day ?? " ") ? day : undefined;
}

/** The partition of a row: the day on which it happened, but none before the first one that the table knows. */
export function partitionOf({ uploadedAt }: Pick<IndexRow, "uploadedAt">, earliestDay: string): string {
  const day = uploadedAt.slice(0, 10);
  return day < earliestDay ? earliestDay : day;
}

/** One row for each happening. Of copies the one that was read stays, then the one that was written last. */
export function withoutCopies(rows: Iterable<IndexRow>): IndexRow[] {
  const best = new Map<string, IndexRow>();
  for (const row of rows) {
    const name = JSON.stringify([row.bucket, row.key, row.versionId, row.eventOrder]);
    const known = best.get(name);
    if (known === undefined || says(row, known)) best.set(name, row);
  }
  return [...best.values()];
}

const says = (row: IndexRow, than: IndexRow): boolean =>
  row.isRead === than.isRead ? row.indexedAt > than.indexedAt : row.isRead;
