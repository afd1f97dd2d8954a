import { Constraints } from "../constraints.ts";
import type { Handler } from "../../core/service.ts";
import type { StreamLog } from "../dynamodb/streams/stream-log.ts";
import type { DynamoDBStreams } from "./shard.ts";

/** Streams of all tables or of one, closed ones among them as long as they hold records. */
export const listStreams =
  (log: StreamLog): Handler<DynamoDBStreams, "ListStreams"> =>
  (input) => {
    const { TableName: table, Limit: limit = 100, ExclusiveStartStreamArn: after = "" } = input;
    new Constraints().number("limit", limit, { min: 1, max: 100 }).check();
    const name = table?.startsWith("arn:") ? table.slice(table.indexOf("/") + 1) : table;
    const rows = log.all().filter((row) => row.arn > after && (name === undefined || row.tableName === name));
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      Streams: page.map(({ arn, label, tableName }) => ({ StreamArn: arn, StreamLabel: label, TableName: tableName })),
      ...(rows.length > limit && last ? { LastEvaluatedStreamArn: last.arn } : {}),
    };
  };
