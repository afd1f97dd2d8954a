/** The one shard of a stream, its sequence numbers, and finding a stream. */
import { ServiceError } from "../../core/errors.ts";
import { required } from "../constraints.ts";
import type { StreamLog, StreamRow } from "../dynamodb/streams/stream-log.ts";

export type DynamoDBStreams = typeof import("@aws-sdk/client-dynamodb-streams");

/** Sequence numbers have at least 21 digits; all have the same length, so that they also sort as texts. */
export const sequenceNumber = (number: number): string => `1${String(number).padStart(20, "0")}`;

/** The number of a record; undefined for what is no sequence number. */
export const numberOf = (sequence: string): number | undefined =>
  /^1\d{20}$/.test(sequence) ? Number(sequence.slice(1)) : undefined;

export const shardIdOf = (row: StreamRow): string =>
  `shardId-${String(row.openedAt).padStart(20, "0")}-${row.id.slice(0, 8)}`;

/** Throws ResourceNotFoundException. */
export function streamOf(log: StreamLog, arn: string | undefined): StreamRow {
  const row = log.find(required("streamArn", arn));
  if (row) return row;
  throw new ServiceError("ResourceNotFoundException", `Requested resource not found: Stream: ${arn ?? ""} not found`);
}
