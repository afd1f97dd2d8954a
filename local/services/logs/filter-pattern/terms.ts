/** Unstructured patterns: `ERROR "not found" -debug`, `?ERROR ?WARN`, `%5\d\d%`. */
import { Reader } from "./lexer.ts";

type Find = (message: string) => boolean;

/** A predicate over messages; comparisons know case. */
export function compileTerms(pattern: string): Find {
  const reader = new Reader(pattern);
  const wanted: Find[] = [];
  const excluded: Find[] = [];
  const optional: Find[] = [];
  for (reader.skipSpace(); !reader.isAtEnd; reader.skipSpace()) {
    const into = reader.match(/-(?=\S)/) ? excluded : reader.match(/\?(?=\S)/) ? optional : wanted;
    into.push(readTerm(reader));
  }
  // With other terms beside them, terms marked by ? count for nothing (Filter pattern syntax: match terms).
  const needsOptional = optional.length > 0 && wanted.length + excluded.length === 0;
  return (message) =>
    wanted.every((find) => find(message)) &&
    !excluded.some((find) => find(message)) &&
    (!needsOptional || optional.some((find) => find(message)));
}

function readTerm(reader: Reader): Find {
  const expression = reader.regularExpression();
  if (expression) return (message) => expression.test(message);
  const term = reader.quoted() ?? reader.match(/\S+/) ?? "";
  return (message) => message.includes(term);
}
