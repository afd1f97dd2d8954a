/** Amazon DynamoDB Streams: reads what the tables of DynamoDB have written to their streams. */
import * as sdk from "@aws-sdk/client-dynamodb-streams";
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import type { Service } from "../../core/service.ts";
import { StreamLog } from "../dynamodb/streams/stream-log.ts";
import { describeStream } from "./describe-stream.ts";
import { getRecords } from "./get-records.ts";
import { getShardIterator } from "./get-shard-iterator.ts";
import { listStreams } from "./list-streams.ts";

export function create(cloud: Cloud): Service<typeof sdk> {
  const log = new StreamLog(cloud);
  return {
    sdk,
    handlers: {
      DescribeStream: describeStream(log),
      GetRecords: getRecords(cloud, log),
      GetShardIterator: getShardIterator(cloud, log),
      ListStreams: listStreams(log),
    },
    permissions: (operation, input) => [
      { action: `dynamodb:${operation}`, resource: resourceOf(operation, input) } satisfies Permission,
    ],
  };
}

/** The stream; an iterator begins with its ARN. Listing knows no single stream. */
function resourceOf(operation: string, input: Readonly<Record<string, unknown>>): string {
  const { StreamArn: arn, ShardIterator: iterator } = input;
  if (operation === "ListStreams") return "*";
  if (typeof arn === "string") return arn;
  return typeof iterator === "string" ? (iterator.split("|")[0] ?? "*") : "*";
}
