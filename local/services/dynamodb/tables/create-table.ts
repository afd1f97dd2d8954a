import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { readDefinition } from "./definition.ts";
import { describe } from "./describe.ts";
import type { Table } from "./table.ts";
import { readTags, refuseSystemTags } from "./tags.ts";

/** How long AWS's control plane takes to create, update or delete a table, ms. */
export const CHANGE_TIME = 2_000;

/** Begins to create a table; it can be used a moment later. */
export const createTable =
  (tables: Tables): Handler<DynamoDB, "CreateTable"> =>
  (input) => {
    refuseSystemTags(readTags(input.Tags));
    return { TableDescription: describe(makeTable(tables, input, CHANGE_TIME)) };
  };

/** @param takes how long until the table can be used, ms. Throws ResourceInUseException. */
export function makeTable(tables: Tables, input: CreateTableCommandInput, takes: number): Table {
  const { clock, uuid } = tables.cloud;
  const now = clock.now();
  const activeAt = now + takes;
  const { streamView, ...definition } = readDefinition(input, activeAt);
  if (tables.find(definition.name)) {
    throw new ServiceError("ResourceInUseException", `Table already exists: ${definition.name}`);
  }
  const table = tables.add({ ...definition, id: uuid(), createdAt: now, activeAt, updatedAt: activeAt });
  if (streamView) switchStream(tables, table, streamView);
  // Nothing is to be done then; but who waits for things to settle waits for this.
  if (takes > 0) clock.at(activeAt, () => {});
  return table;
}

/** Opens a stream in the place of the one that is open, or closes that. */
export function switchStream(
  tables: Tables,
  table: Table,
  view: NonNullable<Table["record"]["stream"]>["view"] | undefined,
): void {
  const { name, keys, stream } = table.record;
  if (stream) tables.streams.close(stream.arn);
  if (view === undefined) return tables.update(table, { stream: undefined });
  const { arn, label } = tables.streams.open({ name, arn: table.arn, keys }, view);
  tables.update(table, { stream: { view, arn, label }, lastStream: { arn, label } });
}
