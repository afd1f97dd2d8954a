/** JSON patterns: `{ ($.status = 5* || $.error.code IS NULL) && $.items[0].size > 10 }`. */
import { readComparison, type Test, type Value } from "./comparison.ts";
import { invalidPattern, Reader } from "./lexer.ts";

type Step = string | number | "*";
export type Selector = readonly Step[];
type Predicate = (document: unknown) => boolean;

const BARE_VALUE = /[^\s"%&|(){}=!<>]+/;

/** A predicate over parsed JSON messages. Throws InvalidParameterException. */
export function compileJsonPattern(pattern: string): Predicate {
  const reader = new Reader(pattern);
  reader.expect("{");
  const predicate = either(reader);
  reader.expect("}");
  reader.skipSpace();
  return reader.isAtEnd ? predicate : invalidPattern();
}

function either(reader: Reader): Predicate {
  const parts = [both(reader)];
  while (reader.take("||")) parts.push(both(reader));
  return (document) => parts.some((part) => part(document));
}

function both(reader: Reader): Predicate {
  const parts = [single(reader)];
  while (reader.take("&&")) parts.push(single(reader));
  return (document) => parts.every((part) => part(document));
}

function single(reader: Reader): Predicate {
  if (reader.take("(")) {
    const inner = either(reader);
    reader.expect(")");
    return inner;
  }
  const selector = readSelector(reader);
  reader.skipSpace();
  if (reader.match(/NOT\s+EXISTS\b/i)) return (document) => select(document, selector).length === 0;
  const is = reader.match(/IS\s+(NULL|TRUE|FALSE)\b/i);
  if (is !== undefined) {
    const wanted = /null/i.test(is) ? null : /true/i.test(is);
    return (document) => select(document, selector).some((value) => value === wanted);
  }
  const test = readComparison(reader, BARE_VALUE);
  return (document) => select(document, selector).some((value) => isScalar(value) && (test satisfies Test)(value));
}

/** Reads `$.a.b[0]["odd name"]`. */
export function readSelector(reader: Reader): Selector {
  reader.skipSpace();
  if (!reader.match(/\$/)) return invalidPattern();
  const steps: Step[] = [];
  for (;;) {
    const name = reader.match(/\.[\w\-$@/]+/);
    if (name !== undefined) {
      steps.push(name.slice(1));
      continue;
    }
    const index = reader.match(/\[(\d+|\*)\]/);
    if (index !== undefined) {
      steps.push(index === "[*]" ? "*" : Number(index.slice(1, -1)));
      continue;
    }
    const key = reader.match(/\.?\[(?:"[^"]*"|'[^']*')\]/);
    if (key === undefined) break;
    steps.push(key.replace(/^\.?\[.|.\]$/g, ""));
  }
  return steps.length > 0 ? steps : invalidPattern();
}

/** Every value that the selector reaches: several behind `[*]`, none where the path ends early. */
export function select(document: unknown, selector: Selector): readonly unknown[] {
  let found: readonly unknown[] = [document];
  for (const step of selector) found = found.flatMap((value) => stepInto(value, step));
  return found;
}

function stepInto(value: unknown, step: Step): readonly unknown[] {
  if (typeof value !== "object" || value === null) return [];
  if (step === "*") return Array.isArray(value) ? value : [];
  if (typeof step === "number") return Array.isArray(value) && step < value.length ? [value[step]] : [];
  return Object.hasOwn(value, step) ? [Reflect.get(value, step)] : [];
}

const isScalar = (value: unknown): value is Value =>
  value === null || ["string", "number", "boolean"].includes(typeof value);
