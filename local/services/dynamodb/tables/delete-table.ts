import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid } from "../validation.ts";
import { CHANGE_TIME } from "./create-table.ts";
import { describe } from "./describe.ts";
import type { Table } from "./table.ts";

/** Begins to delete a table and all its items; its stream can be read for another day. */
export const deleteTable =
  (tables: Tables): Handler<DynamoDB, "DeleteTable"> =>
  (input) => {
    const table = tables.existing(input.TableName);
    checkIdle(table);
    checkUnprotected(table);
    tables.update(table, { goneAt: tables.cloud.clock.now() + CHANGE_TIME });
    tables.removeWhenGone(table);
    return { TableDescription: describe(table) };
  };

function checkIdle({ record, status }: Table): void {
  if (status !== "CREATING" && status !== "UPDATING") return;
  const state = status === "CREATING" ? "created" : "updated";
  throw new ServiceError(
    "ResourceInUseException",
    `Attempt to change a resource which is still in use: Table is being ${state}: ${record.name}`,
  );
}

/** Throws ValidationException for a table with deletion protection. */
export function checkUnprotected({ record }: Table): void {
  if (!record.isProtected) return;
  throw invalid(
    "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
  );
}
