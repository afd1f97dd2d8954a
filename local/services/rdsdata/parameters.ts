/** Named parameters: `:name` in a statement becomes `$n` of Postgres, with the type that the Data API gives to its value. */
import type { ArrayValue, Field, SqlParameter, TypeHint } from "@aws-sdk/client-rds-data";
import { ServiceError } from "../../core/errors.ts";

export interface Prepared {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** What is no parameter although a colon may be in it: texts, names, dollar quotes, comments, casts. */
const PASSED_OVER =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|\$(\w*)\$[\s\S]*?\$\1\$|--[^\n]*|\/\*[\s\S]*?\*\/|::|:([A-Za-z_]\w*)/g;

const HINTS: Readonly<Record<TypeHint, string>> = {
  DATE: "date",
  DECIMAL: "numeric",
  JSON: "json",
  TIME: "time",
  TIMESTAMP: "timestamp",
  UUID: "uuid",
};

/** Throws BadRequestException for a name without a value, and for a parameter without a name. */
export function prepare(sql: string, parameters: readonly SqlParameter[] = []): Prepared {
  const given = new Map<string, SqlParameter>();
  for (const parameter of parameters) {
    if (!parameter.name) throw new ServiceError("BadRequestException", "Named parameters must have a name");
    given.set(parameter.name, parameter);
  }
  const places = new Map<string, number>();
  const values: unknown[] = [];
  const text = sql.replace(PASSED_OVER, (whole: string, _tag: unknown, name: string | undefined) => {
    if (name === undefined) return whole;
    const parameter = given.get(name);
    if (!parameter) throw new ServiceError("BadRequestException", `Cannot find parameter: ${name}`);
    const { type, value } = typed(parameter);
    let place = places.get(name);
    if (place === undefined) {
      place = values.push(value);
      places.set(name, place);
    }
    return `CAST($${place} AS ${type})`;
  });
  return { sql: text, values };
}

function typed({ name, value, typeHint }: SqlParameter): { type: string; value: unknown } {
  const [kind, content] = memberOf(name, value);
  switch (kind) {
    case "isNull":
      return { type: typeHint ? HINTS[typeHint] : "varchar", value: null };
    case "booleanValue":
      return { type: "boolean", value: content };
    case "longValue":
      return { type: "bigint", value: content };
    case "doubleValue":
      return { type: "float8", value: content };
    case "blobValue":
      return { type: "bytea", value: content };
    case "stringValue":
      // Without a hint a text is one: a column of another type refuses it, unless the statement casts it.
      return { type: typeHint ? HINTS[typeHint] : "varchar", value: content };
    default:
      // "Array parameters are not supported" (Parameter values, ExecuteStatement).
      throw new ServiceError("BadRequestException", "Array parameters are not supported.");
  }
}

function memberOf(name: string | undefined, value: Field | undefined): readonly [string, unknown] {
  const members = Object.entries((value ?? {}) as Record<string, ArrayValue>).filter(([, content]) => content != null);
  const [first] = members;
  if (!first || members.length > 1)
    throw new ServiceError("BadRequestException", `Parameter ${name} must have exactly one value`);
  return first;
}
