import type { Handler } from "../../../core/service.ts";
import { project } from "../expressions/projection.ts";
import type { DynamoDB, Tables } from "../store.ts";
import type { Item } from "../values/value.ts";
import { CapacityMeter } from "./capacity.ts";
import { collectionMetrics } from "./collection-metrics.ts";
import { checkReturnValues, type ReturnValues } from "./return-values.ts";
import { perform, prepareWrite, type Write } from "./write.ts";

/** Changes some attributes of an item; an item that is not there is made from its key. */
export const updateItem =
  (tables: Tables): Handler<DynamoDB, "UpdateItem"> =>
  (input) => {
    const returned = checkReturnValues(input.ReturnValues, ["ALL_OLD", "UPDATED_OLD", "ALL_NEW", "UPDATED_NEW"]);
    const write = prepareWrite(tables, "update", input);
    const { before, after } = perform(write);
    const attributes = attributesOf(write, returned, before, after);
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    meter.write(write.table, before, after);
    return {
      ...(attributes && Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
      ...meter.one(),
      ...collectionMetrics(write.table, after, input.ReturnItemCollectionMetrics),
    };
  };

/** UPDATED_… is what stood or stands at the paths that the expression changes. */
function attributesOf(
  { update = [] }: Write,
  returned: ReturnValues,
  before: Item | undefined,
  after: Item | undefined,
): Item | undefined {
  if (returned === "NONE") return undefined;
  const item = returned.endsWith("OLD") ? before : after;
  if (item === undefined || returned.startsWith("ALL")) return item;
  return project(
    item,
    update.map(({ path }) => path),
  );
}
