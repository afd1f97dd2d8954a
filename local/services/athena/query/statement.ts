/**
 * What a statement reads: each table that it names, with the condition and the columns of the SELECT around it. DuckDB parses; this walks
 * its syntax tree.
 */
import { QueryFailed } from "./failure.ts";

export interface Node {
  readonly [name: string]: unknown;
}

export interface Reference {
  readonly schema: string | undefined;
  readonly table: string;
  /** How the SELECT calls it. */
  readonly alias: string;
  /** The WHERE of that SELECT, if it has one. */
  readonly where: Node | undefined;
  /** The columns that the SELECT names, in lower case; undefined when it takes all. */
  readonly columns: ReadonlySet<string> | undefined;
}

const CATALOG = "awsdatacatalog";
/** Table functions that Athena shares. Those that read files are none of them. */
const TABLE_FUNCTIONS = new Set(["unnest"]);

export const isNode = (value: unknown): value is Node =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const text = (value: unknown): string => (typeof value === "string" ? value : "");
const nodesIn = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : []);

/** Throws QueryFailed for what DuckDB could not parse, and for anything but one SELECT. */
export function referencesIn(tree: Node): readonly Reference[] {
  if (tree["error"] === true) throw new QueryFailed(problemOf(tree));
  const statements = nodesIn(tree["statements"]);
  const [statement] = statements;
  if (statements.length !== 1 || !isNode(statement))
    throw new QueryFailed("INVALID_INPUT: Only one sql statement is allowed");
  const found: Reference[] = [];
  readQuery(statement["node"], new Set(), found);
  return found;
}

function problemOf(tree: Node): string {
  const message = text(tree["error_message"]);
  if (text(tree["error_type"]) === "not implemented")
    return "NOT_SUPPORTED: The local Athena runs SELECT statements only";
  return `SYNTAX_ERROR: ${message}`;
}

/** A query: a SELECT, a set operation of two, or a recursive common table expression. */
function readQuery(query: unknown, outer: ReadonlySet<string>, found: Reference[]): void {
  if (!isNode(query)) return;
  const ctes = new Set(outer);
  for (const entry of nodesIn(isNode(query["cte_map"]) ? query["cte_map"]["map"] : [])) {
    if (!isNode(entry) || !isNode(entry["value"]) || !isNode(entry["value"]["query"])) continue;
    ctes.add(text(entry["key"]).toLowerCase());
    readQuery(entry["value"]["query"]["node"], ctes, found);
  }
  if (query["type"] === "SELECT_NODE") return readSelect(query, ctes, found);
  if (query["type"] === "RECURSIVE_CTE_NODE") ctes.add(text(query["cte_name"]).toLowerCase());
  for (const part of ["left", "right", "child", "query"]) readQuery(query[part], ctes, found);
  for (const child of nodesIn(query["children"])) readQuery(child, ctes, found);
}

function readSelect(select: Node, ctes: ReadonlySet<string>, found: Reference[]): void {
  const columns = columnsOf(select);
  const where = isNode(select["where_clause"]) ? select["where_clause"] : undefined;
  readSource(select["from_table"], { where, columns }, ctes, found);
  const { cte_map: _ctes, from_table: _from, ...expressions } = select;
  readSubqueries(expressions, ctes, found);
}

function readSource(
  source: unknown,
  around: Pick<Reference, "where" | "columns">,
  ctes: ReadonlySet<string>,
  found: Reference[],
): void {
  if (!isNode(source)) return;
  switch (source["type"]) {
    case "BASE_TABLE": {
      const [catalog, schema, table] = ["catalog_name", "schema_name", "table_name"].map((name) =>
        text(source[name]).toLowerCase(),
      );
      if (catalog && catalog !== CATALOG)
        throw new QueryFailed(`CATALOG_NOT_FOUND: Catalog '${catalog}' does not exist`);
      if (!table || (!schema && ctes.has(table))) return;
      found.push({
        ...around,
        schema: schema || undefined,
        table,
        alias: (text(source["alias"]) || table).toLowerCase(),
      });
      return;
    }
    case "SUBQUERY":
      return readQuery(isNode(source["subquery"]) ? source["subquery"]["node"] : undefined, ctes, found);
    case "TABLE_FUNCTION": {
      const name = isNode(source["function"]) ? text(source["function"]["function_name"]) : "";
      if (!TABLE_FUNCTIONS.has(name))
        throw new QueryFailed(`FUNCTION_NOT_FOUND: Table function '${name}' not registered`);
      return;
    }
    case "JOIN":
      readSource(source["left"], around, ctes, found);
      readSource(source["right"], around, ctes, found);
      readSubqueries(source["condition"], ctes, found);
      return;
    default:
  }
}

/** Queries within expressions: `IN (SELECT …)`, `EXISTS`, a value. */
function readSubqueries(value: unknown, ctes: ReadonlySet<string>, found: Reference[]): void {
  for (const item of Array.isArray(value) ? value : isNode(value) ? Object.values(value) : []) {
    if (isNode(item) && item["class"] === "SUBQUERY" && isNode(item["subquery"]))
      readQuery(item["subquery"]["node"], ctes, found);
    else readSubqueries(item, ctes, found);
  }
}

/** Every name in the SELECT and in the conditions of its joins; undefined where there is a star. */
function columnsOf({ cte_map: _ctes, ...select }: Node): ReadonlySet<string> | undefined {
  const names = new Set<string>();
  let takesAll = false;
  const collect = (value: unknown): void => {
    if (Array.isArray(value)) return value.forEach(collect);
    if (!isNode(value)) return;
    if (value["class"] === "STAR") takesAll = true;
    // A struct's field comes after its column: every part may be the column.
    if (value["class"] === "COLUMN_REF")
      for (const name of nodesIn(value["column_names"])) names.add(text(name).toLowerCase());
    for (const name of nodesIn(value["using_columns"])) names.add(text(name).toLowerCase());
    if (value["type"] === "SUBQUERY" && "subquery" in value && value["class"] === undefined) return;
    Object.values(value).forEach(collect);
  };
  collect(select);
  return takesAll ? undefined : names;
}
