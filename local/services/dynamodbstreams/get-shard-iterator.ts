import { ServiceError } from "../../core/errors.ts";
import { Constraints } from "../constraints.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Handler, Input } from "../../core/service.ts";
import type { StreamLog, StreamRow } from "../dynamodb/streams/stream-log.ts";
import { writeIterator } from "./iterator.ts";
import { type DynamoDBStreams, numberOf, shardIdOf, streamOf } from "./shard.ts";

const TYPES = ["AFTER_SEQUENCE_NUMBER", "LATEST", "AT_SEQUENCE_NUMBER", "TRIM_HORIZON"];

export const getShardIterator =
  (cloud: Cloud, log: StreamLog): Handler<DynamoDBStreams, "GetShardIterator"> =>
  (input) => {
    new Constraints()
      .text("streamArn", input.StreamArn, { required: true, min: 37, max: 1024 })
      .text("shardId", input.ShardId, { required: true, min: 28, max: 65 })
      .text("shardIteratorType", input.ShardIteratorType, { required: true, oneOf: TYPES })
      .text("sequenceNumber", input.SequenceNumber, { min: 21, max: 40 })
      .check();
    const row = streamOf(log, input.StreamArn);
    if (input.ShardId !== shardIdOf(row)) {
      throw new ServiceError(
        "ResourceNotFoundException",
        `Requested resource not found: Shard: ${input.ShardId ?? ""} in stream ${row.arn} not found`,
      );
    }
    const next = startOf(log, row, input);
    return { ShardIterator: writeIterator({ streamArn: row.arn, next, issuedAt: cloud.clock.now() }) };
  };

function startOf(log: StreamLog, row: StreamRow, input: Input<DynamoDBStreams, "GetShardIterator">): number {
  const { ShardIteratorType: type, SequenceNumber: sequence } = input;
  if (type === "TRIM_HORIZON" || type === "LATEST") {
    if (sequence !== undefined) {
      throw new ServiceError(
        "ValidationException",
        `Invalid parameter: SequenceNumber must not be specified for ShardIteratorType ${type}`,
      );
    }
    return type === "LATEST" ? row.last + 1 : log.horizon(row);
  }
  const number = sequence === undefined ? undefined : numberOf(sequence);
  if (number === undefined || number < 1 || number > row.last) {
    throw new ServiceError("ValidationException", `Invalid SequenceNumber: ${sequence ?? "null"}`);
  }
  const next = type === "AT_SEQUENCE_NUMBER" ? number : number + 1;
  if (next < log.horizon(row)) {
    throw new ServiceError(
      "TrimmedDataAccessException",
      "The operation attempted to read past the oldest stream record in a shard.",
    );
  }
  return next;
}
