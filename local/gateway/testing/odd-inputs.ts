/** Inputs of operations for property tests: what the schema says, or what it does not, from values that tend to break things. */
import fc from "fast-check";
import { type Schema, traitsOf } from "../shapes/codecs.ts";

export const ODD_TEXT = [
  "",
  " ",
  "x",
  "smoke",
  "__proto__",
  "constructor",
  "toString",
  "null",
  "-1",
  "1e999",
  "a".repeat(2_000),
  "../../etc/passwd",
  "line\nbreak\r\n",
  "\u0000",
  "😀",
  "\ud800",
  "%zz",
  "*",
  "$",
  "#a = :b",
  "arn:aws:",
  "arn:aws:sqs:us-east-1:123456789012:smoke",
  "arn:aws:iam::123456789012:role/smoke",
  "{}",
  "[]",
  "{",
  '{"a":[{"numeric":[">",null]}]}',
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":5,"Resource":null}]}',
  '{"Statement":"x"}',
  '{"__proto__":{"polluted":true}}',
  `${'{"a":'.repeat(500)}1${"}".repeat(500)}`,
  "[".repeat(5_000) + "]".repeat(5_000),
  "rate(0 minutes)",
  "cron(* * * * * *)",
];
const ODD_NUMBERS = [0, -1, 1, 2, 10, 0.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, -0];

/** Values of any JSON type. */
const ANYTHING = [
  null,
  true,
  false,
  0,
  1.5,
  1e21,
  "",
  "x",
  "2020-13-45",
  [],
  [null],
  ["x"],
  [[[]]],
  {},
  { a: 1 },
  { __type: "x" },
];

export interface OddOptions {
  /** Strings that mean something to the service under test, such as names of what is there. */
  readonly words: readonly string[];
  /** How often a value has not the type that it should, 0 to 1. */
  readonly wrongTypes: number;
  /** As JSON has it (numbers, base64) rather than as handlers do (Date, bytes). */
  readonly forJson: boolean;
}

export function oddInput(schema: Schema, options: OddOptions, depth = 0): fc.Arbitrary<unknown> {
  const right = rightType(schema, options, depth);
  if (options.wrongTypes === 0) return right;
  const weight = Math.round(options.wrongTypes * 100);
  return fc.oneof(
    { arbitrary: right, weight: 100 - weight },
    { arbitrary: fc.constantFrom<unknown>(...ANYTHING), weight },
  );
}

function rightType(schema: Schema, options: OddOptions, depth: number): fc.Arbitrary<unknown> {
  const { forJson, words } = options;
  if (schema.isStructSchema()) return structure(schema, options, depth);
  if (schema.isListSchema()) {
    if (depth > 6) return fc.constant([]);
    return fc.array(oddInput(schema.getValueSchema(), options, depth + 1), { maxLength: 3 });
  }
  if (schema.isMapSchema()) {
    if (depth > 6) return fc.constant({});
    const keys = fc.constantFrom("a", "smoke", "", ":v", "#n", "__proto__", "constructor", ...words);
    return fc
      .array(fc.tuple(keys, oddInput(schema.getValueSchema(), options, depth + 1)), { maxLength: 3 })
      .map((entries) => Object.fromEntries(entries));
  }
  if (schema.isBooleanSchema()) return fc.boolean();
  if (schema.isNumericSchema()) return fc.oneof(fc.constantFrom(...ODD_NUMBERS), fc.integer({ min: -5, max: 1_000 }));
  if (schema.isTimestampSchema()) {
    const dates = fc.constantFrom(0, 1, -1, 1_893_456_000, 4e9, 8.64e12);
    return forJson ? dates : dates.map((seconds) => new Date(seconds * 1000));
  }
  if (schema.isBlobSchema()) {
    const texts = fc.constantFrom("", "hello", '{"a":1}', "{", "\u0000\u00ff");
    return texts.map((text) => (forJson ? Buffer.from(text).toString("base64") : Buffer.from(text)));
  }
  if (!schema.isStringSchema()) return fc.constant({});
  return fc.oneof(
    { arbitrary: fc.constantFrom(...ODD_TEXT), weight: words.length > 0 ? 1 : 3 },
    { arbitrary: fc.string({ maxLength: 12 }), weight: 1 },
    ...(words.length > 0 ? [{ arbitrary: fc.constantFrom(...words), weight: 3 }] : []),
  );
}

function structure(schema: Schema, options: OddOptions, depth: number): fc.Arbitrary<unknown> {
  const members = [...schema.structIterator()];
  if (depth > 8) return fc.constant({});
  // Structures may contain themselves: deeper ones are made only when they are asked for, and seldom.
  const share = depth === 0 ? 0.7 : depth < 3 ? 0.4 : 0.15;
  return fc.tuple(...members.map(() => fc.double({ min: 0, max: 1, noNaN: true }))).chain((dice) => {
    const wanted = members.filter((_, index) => (dice[index] ?? 1) < share);
    return fc.record(
      Object.fromEntries(
        wanted.map(([name, member]) => [
          options.forJson ? (traitsOf(member).jsonName ?? name) : name,
          oddInput(member, options, depth + 1),
        ]),
      ),
    );
  });
}
