import type { _Record } from "@aws-sdk/client-dynamodb-streams";
import { ServiceError } from "../../core/errors.ts";
import { Constraints, required } from "../constraints.ts";
import type { Cloud } from "../../core/cloud.ts";
import type { Handler } from "../../core/service.ts";
import type { StreamedChange, StreamLog, StreamRow } from "../dynamodb/streams/stream-log.ts";
import { readIterator, writeIterator } from "./iterator.ts";
import { type DynamoDBStreams, sequenceNumber, streamOf } from "./shard.ts";

const MOST_RECORDS = 1000;
const LARGEST_ANSWER = 1024 * 1024;

/** The next records of a shard: up to 1,000 or 1 MB. A shard that is closed has no iterator after its last record. */
export const getRecords =
  (cloud: Cloud, log: StreamLog): Handler<DynamoDBStreams, "GetRecords"> =>
  (input) => {
    const { Limit: limit = MOST_RECORDS } = input;
    new Constraints().number("limit", limit, { min: 1, max: MOST_RECORDS }).check();
    const now = cloud.clock.now();
    const iterator = readIterator(required("shardIterator", input.ShardIterator), now);
    const row = streamOf(log, iterator.streamArn);
    const horizon = log.horizon(row);
    if (iterator.next < horizon && iterator.next <= row.last) {
      throw new ServiceError(
        "TrimmedDataAccessException",
        "The operation attempted to read past the oldest stream record in a shard.",
      );
    }
    const changes: StreamedChange[] = [];
    let next = iterator.next;
    for (let bytes = 0; changes.length < limit; next++) {
      const change = log.record(row, next);
      if (!change) break;
      bytes += change.size;
      if (changes.length > 0 && bytes > LARGEST_ANSWER) break;
      changes.push(change);
    }
    const isAtEnd = row.closedAt !== undefined && next > row.last;
    return {
      Records: changes.map((change) => recordOf(cloud, row, change)),
      ...(isAtEnd ? {} : { NextShardIterator: writeIterator({ streamArn: row.arn, next, issuedAt: now }) }),
    };
  };

function recordOf(cloud: Cloud, row: StreamRow, change: StreamedChange): _Record {
  const { newImage, oldImage } = change;
  return {
    eventID: change.id,
    eventName: change.event,
    eventVersion: "1.1",
    eventSource: "aws:dynamodb",
    awsRegion: cloud.region,
    dynamodb: {
      // AWS rounds to seconds.
      ApproximateCreationDateTime: new Date(Math.floor(change.at / 1000) * 1000),
      Keys: change.keys,
      ...(newImage ? { NewImage: newImage } : {}),
      ...(oldImage ? { OldImage: oldImage } : {}),
      SequenceNumber: sequenceNumber(change.number),
      SizeBytes: change.size,
      StreamViewType: row.view,
    },
    ...(change.isExpiry ? { userIdentity: { Type: "Service", PrincipalId: "dynamodb.amazonaws.com" } } : {}),
  };
}
