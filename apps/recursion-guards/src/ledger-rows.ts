/** What the ledger writes down: a row for each uploaded version, and one for each text that is going to be a result. */
import { createHash } from "node:crypto";

interface Place {
  readonly bucket: string;
  readonly key: string;
}
export interface Upload extends Place {
  readonly versionId?: string | undefined;
  readonly eTag?: string | undefined;
  readonly sequencer?: string | undefined;
}

const DAY_SECONDS = 86_400;

/** One for each event that means a new content: by version, or where there are none by ETag and sequencer. */
export const uploadId = ({ bucket, key, versionId, eTag = "", sequencer = "" }: Upload): string =>
  `upload/${bucket}/${versionId ?? `${eTag}:${sequencer}`}/${key}`;

/** One for each content that a key has as a result. */
export const resultId = ({ bucket, key }: Place, eTag: string): string => `result/${bucket}/${eTag}/${key}`;

/**
 * The ETag that S3 is going to give to a text: the MD5 of its bytes, for an object that is put in one piece and is not encrypted
 * with a key of KMS ("Object", Amazon S3 API Reference).
 */
export const expectedETag = (text: string): string => createHash("md5").update(text).digest("hex");

/**
 * When a row may go, in epoch seconds as DynamoDB wants it: at the end of the UTC day that comes `days` days after this one.
 * So it lives for `days` whole days at least, also when it is written a moment before midnight.
 */
export const expiryOf = (nowMs: number, days: number): number =>
  (Math.floor(nowMs / 1000 / DAY_SECONDS) + 1 + days) * DAY_SECONDS;
