/** What query and scan have in common: parameters, index, selection, start. */
import { Constraints, required } from "../../constraints.ts";
import type { Condition } from "../expressions/condition.ts";
import { pathsOf } from "../expressions/condition-paths.ts";
import { parseCondition } from "../expressions/parse-condition.ts";
import { type Placeholders, placeholdersOf } from "../expressions/placeholders.ts";
import { parseProjection } from "../expressions/projection.ts";
import type { Tables } from "../store.ts";
import type { IndexRecord } from "../tables/record.ts";
import type { Table } from "../tables/table.ts";
import { invalid } from "../validation.ts";
import { CapacityMeter } from "../items/capacity.ts";
import { checkScalarKeys } from "../items/check-update.ts";
import { refuseLegacy } from "../items/legacy.ts";
import { checkSelection, type Page, type Selection } from "./page.ts";

const SELECTS = ["SPECIFIC_ATTRIBUTES", "COUNT", "ALL_ATTRIBUTES", "ALL_PROJECTED_ATTRIBUTES"] as const;

interface SearchInput {
  readonly TableName: string | undefined;
  readonly IndexName?: string | undefined;
  readonly Limit?: number | undefined;
  readonly Select?: string | undefined;
  readonly ConsistentRead?: boolean | undefined;
  readonly FilterExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
  readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  readonly ReturnConsumedCapacity?: string | undefined;
}

/** A request whose expressions are understood, before its table is looked for. */
interface Search {
  readonly filter: Condition | undefined;
  readonly selection: Selection;
  readonly placeholders: Placeholders;
}

export function readSearch(operation: "Querying" | "Scanning", input: SearchInput): Search {
  refuseLegacy(input);
  required("tableName", input.TableName);
  new Constraints()
    .number("limit", input.Limit, { min: 1 })
    .text("select", input.Select, { oneOf: SELECTS })
    .text("indexName", input.IndexName, { min: 3, max: 255, pattern: /^[a-zA-Z0-9_.-]+$/ })
    .check();
  const { FilterExpression: filterText, ProjectionExpression: projectionText, KeyConditionExpression: keyText } = input;
  const expressions = {
    FilterExpression: filterText,
    ...(operation === "Querying" ? { KeyConditionExpression: keyText } : {}),
  };
  const placeholders = placeholdersOf(
    input,
    { ...expressions, ProjectionExpression: projectionText },
    Object.keys(expressions),
  );
  return {
    filter: filterText === undefined ? undefined : parseCondition("FilterExpression", filterText, placeholders),
    selection: readSelection(operation, input, placeholders),
    placeholders,
  };
}

function readSelection(operation: string, input: SearchInput, placeholders: Placeholders): Selection {
  const { Select: select, ProjectionExpression: text, IndexName: index } = input;
  if (text !== undefined && select !== undefined && select !== "SPECIFIC_ATTRIBUTES") {
    const what = select === "COUNT" ? "only the Count" : select;
    throw invalid(`Cannot specify the ProjectionExpression when choosing to get ${what}`);
  }
  if (select === "SPECIFIC_ATTRIBUTES" && text === undefined) {
    throw invalid("Must specify the AttributesToGet or ProjectionExpression when choosing to get SPECIFIC_ATTRIBUTES");
  }
  if (select === "ALL_PROJECTED_ATTRIBUTES" && index === undefined) {
    throw invalid(`ALL_PROJECTED_ATTRIBUTES can be used only when ${operation} using an IndexName`);
  }
  if (text !== undefined) return { kind: "paths", paths: parseProjection(text, placeholders) };
  if (select === "COUNT") return { kind: "count" };
  return { kind: select === "ALL_ATTRIBUTES" ? "all" : "projected" };
}

/** The table and index that are searched. Throws ResourceNotFoundException and ValidationException. */
export function searched(
  tables: Tables,
  input: SearchInput,
  { filter, selection }: Search,
): { readonly table: Table; readonly index: IndexRecord | undefined } {
  const table = tables.usable(input.TableName);
  const { IndexName: name } = input;
  const index = name === undefined ? undefined : table.index(name);
  if (name !== undefined && !index) throw invalid(`The table does not have the specified index: ${name}`);
  if (index && tables.cloud.clock.now() < index.activeAt) {
    throw invalid(`Cannot read from backfilling global secondary index: ${index.name}`);
  }
  if (index?.kind === "global" && input.ConsistentRead) {
    throw invalid("Consistent reads are not supported on global secondary indexes");
  }
  if (filter) checkScalarKeys(table, pathsOf(filter));
  checkSelection(table, index, selection);
  return { table, index };
}

/** The page as both operations answer it. */
export function answerPage(
  page: Page,
  { table, index }: { readonly table: Table; readonly index: IndexRecord | undefined },
  selection: Selection,
  input: SearchInput,
) {
  const meter = new CapacityMeter(input.ReturnConsumedCapacity);
  const consistent = input.ConsistentRead ?? false;
  meter.read(table, page.bytes, consistent, index);
  for (const bytes of page.fetched) meter.read(table, bytes, consistent);
  return {
    Count: page.count,
    ScannedCount: page.scanned,
    ...(selection.kind === "count" ? {} : { Items: [...page.items] }),
    ...(page.last ? { LastEvaluatedKey: page.last } : {}),
    ...meter.one(),
  };
}
