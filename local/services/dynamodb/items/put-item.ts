import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { CapacityMeter } from "./capacity.ts";
import { collectionMetrics } from "./collection-metrics.ts";
import { checkReturnValues } from "./return-values.ts";
import { perform, prepareWrite } from "./write.ts";

/** Puts an item in the place of the one with the same key, if there is one. */
export const putItem =
  (tables: Tables): Handler<DynamoDB, "PutItem"> =>
  (input) => {
    const returned = checkReturnValues(input.ReturnValues, ["ALL_OLD"]);
    const write = prepareWrite(tables, "put", input);
    const { before, after } = perform(write);
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    meter.write(write.table, before, after);
    return {
      ...(returned === "ALL_OLD" && before ? { Attributes: before } : {}),
      ...meter.one(),
      ...collectionMetrics(write.table, after, input.ReturnItemCollectionMetrics),
    };
  };
