/** Space-delimited patterns: `[ip, user, ..., status = 4* || status = 5*, bytes > 1000]`. */
import { readComparison } from "./comparison.ts";
import { invalidPattern, Reader } from "./lexer.ts";

export type Fields = ReadonlyMap<string, string>;

interface Field {
  /** Undefined for `...`, any number of fields. */
  readonly name: string | undefined;
  readonly test: (value: string) => boolean;
}

const BARE_VALUE = /[^\s"%&|,\]=!<>]+/;

/** Answers the named fields of a message, or undefined when it does not fit. Throws InvalidParameterException. */
export function compileFieldsPattern(pattern: string): (message: string) => Fields | undefined {
  const reader = new Reader(pattern);
  reader.expect("[");
  const fields: Field[] = [];
  do fields.push(readField(reader, fields.length));
  while (reader.take(","));
  reader.expect("]");
  reader.skipSpace();
  if (!reader.isAtEnd || fields.filter(({ name }) => name === undefined).length > 1) invalidPattern();
  return (message) => fit(fields, split(message));
}

function readField(reader: Reader, index: number): Field {
  reader.skipSpace();
  if (reader.match(/\.\.\./)) return { name: undefined, test: () => true };
  const name = reader.match(/[\w.-]+/) ?? `${index + 1}`;
  if (!reader.peek("=") && !reader.peek("!=") && !reader.peek("<") && !reader.peek(">"))
    return { name, test: () => true };
  const first = readComparison(reader, BARE_VALUE);
  const alternatives = [[first]];
  for (;;) {
    const and = reader.take("&&");
    if (!and && !reader.take("||")) break;
    reader.skipSpace();
    // Each comparison repeats the field's own name.
    if (reader.match(/[\w.-]+/) !== name) invalidPattern();
    const next = readComparison(reader, BARE_VALUE);
    if (and) alternatives.at(-1)?.push(next);
    else alternatives.push([next]);
  }
  return { name, test: (value) => alternatives.some((tests) => tests.every((test) => test(value))) };
}

/** Words; "…" and […] are one field, without their marks. */
function split(message: string): readonly string[] {
  return [...message.matchAll(/"([^"]*)"|\[([^\]]*)\]|(\S+)/g)].map(
    ([, quoted, bracketed, word]) => quoted ?? bracketed ?? word ?? "",
  );
}

function fit(fields: readonly Field[], values: readonly string[]): Fields | undefined {
  const gap = fields.findIndex(({ name }) => name === undefined);
  if (gap < 0 ? values.length !== fields.length : values.length < fields.length - 1) return undefined;
  const found = new Map<string, string>();
  for (const [index, { name, test }] of fields.entries()) {
    if (name === undefined) continue;
    const value = values[gap >= 0 && index > gap ? values.length - (fields.length - index) : index] ?? "";
    if (!test(value)) return undefined;
    found.set(name, value);
  }
  return found;
}
