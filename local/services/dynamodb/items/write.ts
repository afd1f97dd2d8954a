/** Single writes, made ready: what PutItem, UpdateItem, DeleteItem and the members of a transaction have in common. */
import { ServiceError } from "../../../core/errors.ts";
import { required } from "../../constraints.ts";
import { applyUpdate } from "../expressions/apply-update.ts";
import { type Condition, meets } from "../expressions/condition.ts";
import { pathsOf, pathsOfUpdate } from "../expressions/condition-paths.ts";
import { parseCondition } from "../expressions/parse-condition.ts";
import { parseUpdate } from "../expressions/parse-update.ts";
import { placeholdersOf } from "../expressions/placeholders.ts";
import type { Update } from "../expressions/update.ts";
import type { Tables } from "../store.ts";
import type { Table } from "../tables/table.ts";
import { readItem } from "../values/read-value.ts";
import { type Item, itemAsWireJson } from "../values/value.ts";
import { checkItem, checkKey } from "./check-item.ts";
import { checkUpdated, checkUpdatedPaths, checkScalarKeys } from "./check-update.ts";
import { refuseLegacy } from "./legacy.ts";

/** The members that all writes have. */
export interface WriteInput {
  readonly TableName?: string | undefined;
  readonly ConditionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  readonly ReturnValuesOnConditionCheckFailure?: string | undefined;
  readonly Item?: Readonly<Record<string, unknown>> | undefined;
  readonly Key?: Readonly<Record<string, unknown>> | undefined;
}

export interface Write {
  readonly table: Table;
  readonly condition: Condition | undefined;
  /** Of an update. */
  readonly update: Update | undefined;
  readonly showsItemOnFailure: boolean;
  /** The key of the item within its table. Throws ValidationException when it does not fit the table. */
  locate(): string;
  /** The item after the write, undefined for none. Throws ValidationException when it cannot be made. */
  next(before: Item | undefined): Item | undefined;
}

export type WriteKind = "put" | "update" | "delete" | "check";

/** Reads the request and its expressions. Throws ValidationException and ResourceNotFoundException. */
export function prepareWrite(tables: Tables, kind: WriteKind, input: WriteInput): Write {
  refuseLegacy(input);
  const { TableName: name, ConditionExpression: conditionText, UpdateExpression: updateText } = input;
  required("tableName", name);
  if (kind === "put") required("item", input.Item);
  else required("key", input.Key);
  if (kind === "check") required("conditionExpression", conditionText);
  const expressions =
    kind === "update"
      ? { UpdateExpression: updateText, ConditionExpression: conditionText }
      : { ConditionExpression: conditionText };
  const placeholders = placeholdersOf(input, expressions, Object.keys(expressions));
  const item = kind === "put" ? readItem(input.Item ?? {}) : undefined;
  const update = updateText === undefined ? undefined : parseUpdate(updateText, placeholders);
  const condition =
    conditionText === undefined ? undefined : parseCondition("ConditionExpression", conditionText, placeholders);
  placeholders.checkUsed();
  const table = tables.usable(name);
  if (update) checkUpdatedPaths(table, update);
  checkScalarKeys(table, [...(condition ? pathsOf(condition) : []), ...(update ? pathsOfUpdate(update) : [])]);
  const located = () => (item ? (checkItem(table, item), item) : checkKey(table, input.Key));
  return {
    table,
    condition,
    update,
    showsItemOnFailure: input.ReturnValuesOnConditionCheckFailure === "ALL_OLD",
    locate: () => table.keyOf(located()),
    next: (before) => {
      if (kind === "put") return item;
      if (kind === "check") return before;
      return kind === "update" ? updated(table, before ?? located(), update ?? []) : undefined;
    },
  };
}

function updated(table: Table, before: Item, update: Update): Item {
  const after = applyUpdate(before, update);
  checkUpdated(table, after, update);
  return after;
}

export const conditionHolds = (write: Write, before: Item | undefined): boolean =>
  write.condition === undefined || meets(before ?? {}, write.condition);

/** Makes one write. Throws ConditionalCheckFailedException. */
export function perform(write: Write): { readonly before: Item | undefined; readonly after: Item | undefined } {
  const key = write.locate();
  const before = write.table.get(key);
  if (!conditionHolds(write, before)) {
    throw new ServiceError("ConditionalCheckFailedException", "The conditional request failed", {
      detail: write.showsItemOnFailure && before ? { Item: itemAsWireJson(before) } : {},
    });
  }
  const after = write.next(before);
  write.table.write(key, after);
  return { before, after };
}
