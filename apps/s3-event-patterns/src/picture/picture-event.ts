/** What happened to a picture, as every pattern needs to know it: which version is there now, and where this stands in the order of events. */
import { InputInvalid } from "#shared/errors";
import type { S3Event } from "#shared/events/s3";

export interface Version {
  /** "null" in buckets without versions. */
  readonly versionId: string;
  readonly eTag: string;
}

export interface PictureEvent {
  readonly bucket: string;
  readonly key: string;
  /** Tells pictures of all buckets apart: `bucket/key`. */
  readonly imageKey: string;
  /** Places the events of one picture in the order in which they happened, by comparing texts. */
  readonly order: string;
  /** What was stored. Undefined for a removal: what is there now, if anything, has to be looked up. */
  readonly stored: Version | undefined;
}

/** AWS speaks of a hexadecimal value and not of its length; what is seen is 16 to 18 digits. */
const ORDER_DIGITS = 32;
const SEQUENCER = /^[0-9a-f]{1,32}$/i;

/** Undefined for events that change no picture (tags, restores from an archive). Throws InputInvalid where the order is unknown. */
export function pictureEventOf({ bucket, key, kind, ...event }: S3Event): PictureEvent | undefined {
  if (kind !== "created" && kind !== "removed") return undefined;
  const { sequencer, versionId = "null", eTag } = event;
  if (kind === "created" && eTag === undefined) throw new InputInvalid([{ field: "object.eTag", problem: "missing" }]);
  return {
    bucket,
    key,
    imageKey: `${bucket}/${key}`,
    order: orderOf(sequencer),
    stored: kind === "created" && eTag !== undefined ? { versionId, eTag } : undefined,
  };
}

/**
 * A sequencer in a form that databases compare too: the shorter is the smaller unless it is padded on the left (Event message
 * structure, Amazon S3 User Guide).
 */
export function orderOf(sequencer: string | undefined): string {
  if (sequencer === undefined) throw new InputInvalid([{ field: "object.sequencer", problem: "missing" }]);
  if (!SEQUENCER.test(sequencer)) {
    throw new InputInvalid([{ field: "object.sequencer", problem: "not 1 to 32 hexadecimal digits" }]);
  }
  return sequencer.toUpperCase().padStart(ORDER_DIGITS, "0");
}
