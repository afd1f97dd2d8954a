/** Types and values between the catalog (Hive), the engine (DuckDB) and results (Athena). */
import { QueryFailed } from "./failure.ts";

const SIMPLE: Readonly<Record<string, string>> = {
  string: "VARCHAR",
  boolean: "BOOLEAN",
  tinyint: "TINYINT",
  smallint: "SMALLINT",
  int: "INTEGER",
  integer: "INTEGER",
  bigint: "BIGINT",
  float: "FLOAT",
  double: "DOUBLE",
  date: "DATE",
  timestamp: "TIMESTAMP",
  binary: "BLOB",
};

/** The engine's type for a type of the catalog: `map<string,array<int>>` is `MAP(VARCHAR, INTEGER[])`. Throws QueryFailed. */
export function engineType(type: string): string {
  const name = type.trim().toLowerCase();
  const simple = SIMPLE[name];
  if (simple !== undefined) return simple;
  if (/^(var)?char\(\d+\)$/.test(name)) return "VARCHAR";
  if (/^decimal\(\d+\s*,\s*\d+\)$/.test(name)) return name.toUpperCase();
  const [, kind, inner = ""] = /^(map|array|struct)<(.*)>$/s.exec(name) ?? [];
  const parts = partsOf(inner);
  if (kind === "array") return `${engineType(inner)}[]`;
  if (kind === "map" && parts.length === 2) return `MAP(${parts.map(engineType).join(", ")})`;
  if (kind === "struct") return `STRUCT(${parts.map(field).join(", ")})`;
  throw new QueryFailed(`HIVE_INVALID_METADATA: The type ${type} is not known`);
}

function field(part: string): string {
  const colon = part.indexOf(":");
  return `"${part.slice(0, colon).trim().replaceAll('"', "")}" ${engineType(part.slice(colon + 1))}`;
}

/** Splits at commas outside of brackets. */
function partsOf(text: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (const [index, letter] of [...text].entries()) {
    if (letter === "<" || letter === "(") depth++;
    if (letter === ">" || letter === ")") depth--;
    if (letter !== "," || depth > 0) continue;
    parts.push(text.slice(start, index));
    start = index + 1;
  }
  return [...parts, text.slice(start)];
}

/** What Athena calls a type of the engine. */
export function athenaType(type: string): string {
  const name = type.toUpperCase();
  if (name.startsWith("MAP(")) return "map";
  if (name.endsWith("[]")) return "array";
  if (name.startsWith("STRUCT(")) return "row";
  if (name.startsWith("DECIMAL(")) return "decimal";
  if (/^(BIGINT|U?BIGINT|HUGEINT|UHUGEINT)$/.test(name)) return "bigint";
  if (name.startsWith("TIMESTAMP")) return name.includes("ZONE") ? "timestamp with time zone" : "timestamp";
  return { BLOB: "varbinary", VARCHAR: "varchar", INTEGER: "integer", FLOAT: "float" }[name] ?? name.toLowerCase();
}

/** A value of the engine, as its JSON form, in the words of a result: `{a=1, b=2}`, `[1, 2]`, `2030-01-07 12:00:00.000`. */
export function shown(value: unknown, type: string): string | null {
  if (value === null || value === undefined) return null;
  if (Array.isArray(value)) {
    const items = value.map((item: unknown) =>
      isEntry(item) && type.startsWith("MAP(") ? entry(item) : (shown(item, "") ?? "null"),
    );
    return type.startsWith("MAP(") ? `{${items.join(", ")}}` : `[${items.join(", ")}]`;
  }
  if (typeof value === "object") {
    return `{${Object.entries(value)
      .map(([key, part]) => `${key}=${shown(part, "") ?? "null"}`)
      .join(", ")}}`;
  }
  if (type.startsWith("TIMESTAMP") && typeof value === "string") return milliseconds(value);
  if ((type === "DOUBLE" || type === "FLOAT") && Number.isInteger(value)) return `${String(value)}.0`;
  return String(value as string | number | boolean);
}

const isEntry = (value: unknown): value is { key: unknown; value: unknown } =>
  typeof value === "object" && value !== null && "key" in value && "value" in value;
const entry = (item: { key: unknown; value: unknown }) =>
  `${shown(item.key, "") ?? ""}=${shown(item.value, "") ?? "null"}`;

const milliseconds = (moment: string): string =>
  moment.replace(
    /^(\S+ \d\d:\d\d:\d\d)(?:\.(\d+))?/,
    (_, whole: string, part = "") => `${whole}.${String(part).padEnd(3, "0").slice(0, 3)}`,
  );
