import { required } from "../../constraints.ts";
import type { Handler } from "../../../core/service.ts";
import { placeholdersOf } from "../expressions/placeholders.ts";
import { parseProjection, project } from "../expressions/projection.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { itemSize } from "../values/size.ts";
import { CapacityMeter } from "./capacity.ts";
import { checkKey } from "./check-item.ts";
import { refuseLegacy } from "./legacy.ts";

export const getItem =
  (tables: Tables): Handler<DynamoDB, "GetItem"> =>
  (input) => {
    refuseLegacy(input);
    required("tableName", input.TableName);
    required("key", input.Key);
    const { ProjectionExpression: text } = input;
    const placeholders = placeholdersOf(input, { ProjectionExpression: text }, []);
    const paths = text === undefined ? undefined : parseProjection(text, placeholders);
    placeholders.checkUsed();
    const table = tables.usable(input.TableName);
    const item = table.get(table.keyOf(checkKey(table, input.Key)));
    const meter = new CapacityMeter(input.ReturnConsumedCapacity);
    meter.read(table, item ? itemSize(item) : 0, input.ConsistentRead ?? false);
    return { ...(item ? { Item: paths ? project(item, paths) : item } : {}), ...meter.one() };
  };
