import { Constraints } from "../constraints.ts";
import type { Handler } from "../../core/service.ts";
import type { StreamLog } from "../dynamodb/streams/stream-log.ts";
import { type DynamoDBStreams, sequenceNumber, shardIdOf, streamOf } from "./shard.ts";

export const describeStream =
  (log: StreamLog): Handler<DynamoDBStreams, "DescribeStream"> =>
  (input) => {
    new Constraints().number("limit", input.Limit, { min: 1, max: 100 }).check();
    const row = streamOf(log, input.StreamArn);
    const { hash, sort } = row.keys;
    const shard = {
      ShardId: shardIdOf(row),
      SequenceNumberRange: {
        StartingSequenceNumber: sequenceNumber(1),
        ...(row.closedAt === undefined ? {} : { EndingSequenceNumber: sequenceNumber(Math.max(1, row.last)) }),
      },
    };
    // There is one shard: after it comes nothing, and it is no child of another one.
    const isWanted = input.ExclusiveStartShardId !== shard.ShardId && input.ShardFilter === undefined;
    return {
      StreamDescription: {
        StreamArn: row.arn,
        StreamLabel: row.label,
        StreamStatus: row.closedAt === undefined ? "ENABLED" : "DISABLED",
        StreamViewType: row.view,
        CreationRequestDateTime: new Date(row.openedAt),
        TableName: row.tableName,
        KeySchema: [
          { AttributeName: hash, KeyType: "HASH" },
          ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
        ],
        Shards: isWanted ? [shard] : [],
      },
    };
  };
