import { Constraints, required } from "../../constraints.ts";
import type { Handler, Input, Output } from "../../../core/service.ts";
import { CapacityMeter } from "../items/capacity.ts";
import { checkItem, checkKey } from "../items/check-item.ts";
import { collectionMetrics } from "../items/collection-metrics.ts";
import type { DynamoDB, Tables } from "../store.ts";
import type { Table } from "../tables/table.ts";
import { invalid } from "../validation.ts";
import { readItem } from "../values/read-value.ts";
import type { Item } from "../values/value.ts";

const MOST_WRITES = 25;

type Requests = NonNullable<Input<DynamoDB, "BatchWriteItem">["RequestItems"]>[string];

interface BatchedWrite {
  readonly key: string;
  readonly after: Item | undefined;
}

/** Puts and deletions without conditions, in several tables. One bad request refuses the whole batch. */
export const batchWriteItem =
  (tables: Tables): Handler<DynamoDB, "BatchWriteItem"> =>
  (input) => {
    const requests = Object.entries(required("requestItems", input.RequestItems));
    if (requests.length === 0) {
      new Constraints().violated("requestItems", "{}", "Member must have length greater than or equal to 1").check();
    }
    for (const [name, writes] of requests) {
      new Constraints().list(`requestItems.${name}.member`, writes, { required: true, min: 1 }).check();
    }
    const total = requests.reduce((sum, [, writes]) => sum + writes.length, 0);
    if (total > MOST_WRITES) throw invalid("Too many items requested for the BatchWriteItem call");
    const prepared = requests.map(([name, writes]) => {
      const table = tables.usable(name);
      return { name, table, writes: prepare(table, writes) };
    });
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    const metrics: NonNullable<Output<DynamoDB, "BatchWriteItem">["ItemCollectionMetrics"]> = {};
    for (const { name, table, writes } of prepared) {
      for (const { key, after } of writes) {
        const before = table.get(key);
        table.write(key, after);
        meter.write(table, before, after);
        const { ItemCollectionMetrics: metric } = collectionMetrics(
          table,
          after ?? before,
          input.ReturnItemCollectionMetrics,
        );
        if (metric) (metrics[name] ??= []).push(metric);
      }
    }
    return {
      UnprocessedItems: {},
      ...meter.all(),
      ...(Object.keys(metrics).length > 0 ? { ItemCollectionMetrics: metrics } : {}),
    };
  };

function prepare(table: Table, requests: Requests): BatchedWrite[] {
  const writes = requests.map((request): BatchedWrite => {
    const { PutRequest: put, DeleteRequest: deletion } = request;
    if (put && deletion) {
      throw invalid(
        "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
      );
    }
    if (put) {
      const item = readItem(required("item", put.Item));
      checkItem(table, item);
      return { key: table.keyOf(item), after: item };
    }
    if (!deletion) {
      throw invalid(
        "Supplied AttributeValue has no datatypes set, must contain exactly one of the supported datatypes",
      );
    }
    return { key: table.keyOf(checkKey(table, deletion.Key)), after: undefined };
  });
  if (new Set(writes.map(({ key }) => key)).size < writes.length) {
    throw invalid("Provided list of item keys contains duplicates");
  }
  return writes;
}
