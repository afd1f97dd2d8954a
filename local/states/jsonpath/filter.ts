/** Filter expressions `?( … )` of JSONPath: comparisons, `=~`, `in`, `nin`, `&&`, `||`, `!`, parentheses, and bare existence. */
import { equal, isArray, type Json } from "../json.ts";
import { readSegments } from "./parse.ts";
import { below, isDefinite, type Predicate } from "./segments.ts";
import type { Cursor } from "./tokens.ts";

type Operand = (item: Json, root: Json) => Json | undefined;

/** Reads up to the closing parenthesis, which it leaves. */
export function readFilter(cursor: Cursor): Predicate {
  const options = [readAll(cursor)];
  while (skip(cursor).take("||")) options.push(readAll(cursor));
  return options.length === 1 ? (options[0] ?? never) : (item, root) => options.some((keep) => keep(item, root));
}

const never: Predicate = () => false;

function skip(cursor: Cursor): Cursor {
  cursor.skipSpace();
  return cursor;
}

function readAll(cursor: Cursor): Predicate {
  const parts = [readTerm(cursor)];
  while (skip(cursor).take("&&")) parts.push(readTerm(cursor));
  return parts.length === 1 ? (parts[0] ?? never) : (item, root) => parts.every((keep) => keep(item, root));
}

function readTerm(cursor: Cursor): Predicate {
  skip(cursor);
  if (cursor.take("!")) {
    const negated = readTerm(cursor);
    return (item, root) => !negated(item, root);
  }
  if (cursor.take("(")) {
    const inner = readFilter(cursor);
    cursor.expect(")");
    return inner;
  }
  return readComparison(cursor);
}

function readComparison(cursor: Cursor): Predicate {
  const left = readOperand(cursor);
  skip(cursor);
  const operator = cursor.match(/==|!=|<=|>=|<|>|=~|\b(?:nin|in)\b/y)?.[0];
  if (operator === undefined) return (item, root) => left(item, root) !== undefined;
  skip(cursor);
  if (operator === "=~") {
    const [, source = "", flags = ""] =
      cursor.match(/\/((?:[^/\\]|\\.)*)\/([imsu]*)/y) ?? cursor.fail("a regular expression expected");
    const pattern = new RegExp(source, flags);
    return (item, root) => {
      const text = left(item, root);
      return typeof text === "string" && pattern.test(text);
    };
  }
  const right = readOperand(cursor);
  const holds = OPERATORS[operator] ?? cursor.fail(`the operator ${operator} is not known`);
  return (item, root) => holds(left(item, root), right(item, root));
}

const ordered = (left: Json | undefined, right: Json | undefined, holds: (order: number) => boolean): boolean => {
  if (typeof left === "number" && typeof right === "number") return holds(left - right);
  if (typeof left === "string" && typeof right === "string") return holds(left < right ? -1 : left > right ? 1 : 0);
  return false;
};
const same = (left: Json | undefined, right: Json | undefined): boolean =>
  left === undefined || right === undefined ? left === right : equal(left, right);
const contains = (list: Json | undefined, value: Json | undefined): boolean =>
  value !== undefined && isArray(list) && list.some((item) => equal(item, value));

const OPERATORS: Readonly<Record<string, (left: Json | undefined, right: Json | undefined) => boolean>> = {
  "==": same,
  "!=": (left, right) => !same(left, right),
  "<": (left, right) => ordered(left, right, (order) => order < 0),
  "<=": (left, right) => ordered(left, right, (order) => order <= 0),
  ">": (left, right) => ordered(left, right, (order) => order > 0),
  ">=": (left, right) => ordered(left, right, (order) => order >= 0),
  in: (left, right) => contains(right, left),
  nin: (left, right) => isArray(right) && !contains(right, left),
};

function readOperand(cursor: Cursor): Operand {
  if (cursor.take("@")) return pathFrom(cursor, (item) => item);
  if (cursor.take("$")) return pathFrom(cursor, (_, root) => root);
  const value = readLiteral(cursor);
  return () => value;
}

function pathFrom(cursor: Cursor, start: (item: Json, root: Json) => Json): Operand {
  const segments = readSegments(cursor);
  const definite = isDefinite(segments);
  return (item, root) => {
    let found: readonly Json[] = [start(item, root)];
    for (const segment of segments) found = found.flatMap((value) => below(value, segment, root));
    return definite ? found[0] : found;
  };
}

function readLiteral(cursor: Cursor): Json {
  if (cursor.next === "'" || cursor.next === '"') return cursor.quoted();
  if (cursor.take("[")) {
    const items: Json[] = [];
    while (!skip(cursor).take("]")) {
      items.push(readLiteral(cursor));
      skip(cursor).take(",");
    }
    return items;
  }
  const [word] =
    cursor.match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y) ?? cursor.fail("a value or a path expected");
  return word === "true" ? true : word === "false" ? false : word === "null" ? null : Number(word);
}
