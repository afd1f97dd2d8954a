import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { CapacityMeter } from "./capacity.ts";
import { collectionMetrics } from "./collection-metrics.ts";
import { checkReturnValues } from "./return-values.ts";
import { perform, prepareWrite } from "./write.ts";

/** Deletes an item; one that is not there needs no deleting. */
export const deleteItem =
  (tables: Tables): Handler<DynamoDB, "DeleteItem"> =>
  (input) => {
    const returned = checkReturnValues(input.ReturnValues, ["ALL_OLD"]);
    const write = prepareWrite(tables, "delete", input);
    const { before } = perform(write);
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    meter.write(write.table, before, undefined);
    return {
      ...(returned === "ALL_OLD" && before ? { Attributes: before } : {}),
      ...meter.one(),
      ...collectionMetrics(write.table, before, input.ReturnItemCollectionMetrics),
    };
  };
