/** Functions that S3 tells about objects, in whatever envelope: notification, SQS, SNS, SNS in SQS, EventBridge, EventBridge in SQS. */
import * as z from "zod/mini";
import { InputInvalid } from "../errors.ts";
import { parse } from "../input.ts";
import type { LambdaHandler } from "../middleware.ts";
import { messagesOf } from "./deliveries.ts";
import { Envelope } from "./eventbridge.ts";
import { type BatchResponse, type EachOptions, handleRecords, type SourceRecord } from "./records.ts";

/** What happened to one object. */
export interface S3Event {
  readonly bucket: string;
  /** As it is used in calls of S3: decoded. */
  readonly key: string;
  readonly kind: "created" | "removed" | "restored" | "tagged" | "other";
  /** What S3 calls it: `ObjectCreated:Put`, or the detail type and reason of EventBridge: `Object Created:PutObject`. */
  readonly name: string;
  /** True for a removal that only put a delete marker on top. */
  readonly isDeleteMarker: boolean;
  /** Absent in a bucket without versions. */
  readonly versionId?: string;
  /** Bytes. Absent for removals. */
  readonly size?: number;
  /** Without quotes. Absent for removals. */
  readonly eTag?: string;
  /** Orders creations and removals of one key, by {@link isLater}. */
  readonly sequencer?: string;
  /** ISO 8601. */
  readonly time: string;
}

/**
 * Wraps a function that works on objects one by one, whichever way their events come. A message with several objects fails when
 * one of them does. The test event that S3 sends when notifications are set up is passed over.
 *
 * ```ts
 * export const handler = handleS3({ idempotent: by("[bucket, key, versionId, sequencer]") }, async ({ bucket, key }) => { ... });
 * ```
 */
export function handleS3(
  options: EachOptions,
  work: (event: S3Event) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return handleRecords(s3EventsOf, options, (item) => work(item.input));
}

/** The objects that an event tells about, record by record. Reading a record gives a refusal for each part that is malformed. */
export function s3EventsOf(event: unknown): readonly SourceRecord<{ readonly input: S3Event }>[] {
  return messagesOf(event, ({ content }) =>
    eventsIn(content()).map((found) => (found instanceof InputInvalid ? found : { input: found })),
  );
}

/**
 * Whether something happened to a key after something else did. Sequencers are hexadecimal and of different lengths: the
 * shorter is padded on the left (Event message structure, Amazon S3 User Guide). False where one is missing.
 */
export function isLater(sequencer: string | undefined, than: string | undefined): boolean {
  if (sequencer === undefined || than === undefined) return false;
  const length = Math.max(sequencer.length, than.length);
  return sequencer.toUpperCase().padStart(length, "0") > than.toUpperCase().padStart(length, "0");
}

/** A key of an S3 notification is encoded as in a form: `+` is a space, the rest by percent. Throws InputInvalid. */
export function decodedKey(key: string): string {
  try {
    return decodeURIComponent(key.replaceAll("+", " "));
  } catch {
    throw new InputInvalid([{ field: "s3.object.key", problem: "not a URL-encoded key" }]);
  }
}

const TestEvent = z.object({ Event: z.literal("s3:TestEvent"), Bucket: z.string() });

const Notification = z.object({ Records: z.array(z.unknown()) });
const NotificationRecord = z.object({
  eventSource: z.literal("aws:s3"),
  eventName: z.string(),
  eventTime: z.string(),
  s3: z.object({
    bucket: z.object({ name: z.string().check(z.minLength(1)) }),
    object: z.object({
      key: z.string().check(z.minLength(1)),
      size: z.optional(z.number()),
      eTag: z.optional(z.string()),
      versionId: z.optional(z.nullable(z.string())),
      sequencer: z.optional(z.string()),
    }),
  }),
});

const Detail = z.object({
  bucket: z.object({ name: z.string().check(z.minLength(1)) }),
  object: z.object({
    key: z.string().check(z.minLength(1)),
    size: z.optional(z.number()),
    etag: z.optional(z.string()),
    "version-id": z.optional(z.nullable(z.string())),
    sequencer: z.optional(z.string()),
  }),
  reason: z.optional(z.string()),
  "deletion-type": z.optional(z.string()),
});

function eventsIn(content: unknown): readonly (S3Event | InputInvalid)[] {
  if (TestEvent.safeParse(content).success) return [];
  const records = Notification.safeParse(content).data?.Records;
  if (!records) return [fromBus(content)];
  return records.map((record, index) => {
    try {
      return fromNotification(record, `Records[${index}]`);
    } catch (error) {
      if (error instanceof InputInvalid) return error;
      throw error;
    }
  });
}

function fromNotification(content: unknown, field: string): S3Event {
  const { eventName, eventTime, s3 } = parse(NotificationRecord, content, field);
  const { key, versionId, ...object } = s3.object;
  return compact({
    bucket: s3.bucket.name,
    key: decodedKey(key),
    kind: kindOf(eventName),
    name: eventName,
    isDeleteMarker: eventName.endsWith(":DeleteMarkerCreated"),
    time: eventTime,
    versionId,
    ...object,
  });
}

/** EventBridge brings keys as they are, not encoded. */
function fromBus(content: unknown): S3Event {
  const event = parse(Envelope, content);
  const detail = parse(Detail, event.detail, "detail");
  const { key, size, etag, "version-id": versionId, sequencer } = detail.object;
  return compact({
    bucket: detail.bucket.name,
    key,
    kind: kindOf(event["detail-type"]),
    name: detail.reason === undefined ? event["detail-type"] : `${event["detail-type"]}:${detail.reason}`,
    isDeleteMarker: detail["deletion-type"] === "Delete Marker Created",
    time: event.time,
    versionId,
    size,
    eTag: etag,
    sequencer,
  });
}

/** `ObjectCreated:Put`, `Object Created`; `LifecycleExpiration:Delete` removes as well. */
function kindOf(name: string): S3Event["kind"] {
  const plain = name.replaceAll(" ", "");
  if (plain.startsWith("ObjectCreated")) return "created";
  if (/^(ObjectRemoved|ObjectDeleted|LifecycleExpiration:)/.test(plain)) return "removed";
  if (/^(ObjectTagging|ObjectTags)/.test(plain)) return "tagged";
  return /^ObjectRestore(:Completed|Completed)/.test(plain) ? "restored" : "other";
}

type Optional = "versionId" | "size" | "eTag" | "sequencer";
type Loose = Omit<S3Event, Optional> & { readonly [Name in Optional]?: S3Event[Name] | null | undefined };

function compact({ versionId, size, eTag, sequencer, ...event }: Loose): S3Event {
  return {
    ...event,
    ...(versionId ? { versionId } : {}),
    ...(size == null ? {} : { size }),
    ...(eTag ? { eTag: eTag.replaceAll('"', "") } : {}),
    ...(sequencer ? { sequencer } : {}),
  };
}
