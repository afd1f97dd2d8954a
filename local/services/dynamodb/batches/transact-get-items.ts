import type { Handler } from "../../../core/service.ts";
import { Constraints, required } from "../../constraints.ts";
import { placeholdersOf } from "../expressions/placeholders.ts";
import { parseProjection, project } from "../expressions/projection.ts";
import { CapacityMeter } from "../items/capacity.ts";
import { checkKey } from "../items/check-item.ts";
import { refuseLegacy } from "../items/legacy.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";
import { itemSize } from "../values/size.ts";
import { type CancellationReason, checkReasons, NO_REASON, reasonOf } from "./cancelled.ts";

const MOST_ACTIONS = 100;
const LARGEST_TRANSACTION = 4 * 1024 * 1024;

/** Items as they are at one moment. */
export const transactGetItems =
  (tables: Tables): Handler<DynamoDB, "TransactGetItems"> =>
  (input) => {
    const items = required("transactItems", input.TransactItems);
    new Constraints().list("transactItems", items, { min: 1, max: MOST_ACTIONS }).check();
    const gets = items.map(({ Get: get }) => {
      const wanted = required("get", get);
      refuseLegacy(wanted);
      const { ProjectionExpression: text } = wanted;
      const placeholders = placeholdersOf(wanted, { ProjectionExpression: text }, []);
      const paths = text === undefined ? undefined : parseProjection(text, placeholders);
      placeholders.checkUsed();
      return { table: tables.usable(wanted.TableName), rawKey: required("key", wanted.Key), paths };
    });
    const reasons: CancellationReason[] = [];
    const located = gets.map(({ table, rawKey, paths }) => {
      try {
        const key = table.keyOf(checkKey(table, rawKey));
        reasons.push(NO_REASON);
        return { table, key, paths };
      } catch (error) {
        reasons.push(reasonOf(error));
        return { table, key: "", paths };
      }
    });
    checkReasons(reasons);
    if (new Set(located.map(({ table, key }) => `${table.record.id} ${key}`)).size < located.length) {
      throw invalid("Transaction request cannot include multiple operations on one item");
    }
    const meter = new CapacityMeter(input.ReturnConsumedCapacity, { transaction: true });
    let bytes = 0;
    const Responses = located.map(({ table, key, paths }) => {
      const item = table.get(key);
      const size = item ? itemSize(item) : 0;
      bytes += size;
      meter.read(table, size, true);
      return item ? { Item: paths ? project(item, paths) : item } : {};
    });
    if (bytes > LARGEST_TRANSACTION) throw invalid("The aggregate size of the items in the transaction exceeds 4 MB");
    return { Responses, ...meter.all() };
  };
