/** ExpressionAttributeNames and ExpressionAttributeValues of one request, and which of them its expressions use. */
import { invalid, rewording } from "../validation.ts";
import { readValue } from "../values/read-value.ts";
import type { Value } from "../values/value.ts";

export class Placeholders {
  readonly #names: ReadonlyMap<string, string>;
  readonly #values: ReadonlyMap<string, Value>;
  readonly #used = new Set<string>();

  /** Throws ValidationException for keys that are no placeholders and values that are none. */
  constructor(
    names: Readonly<Record<string, string>> | undefined,
    values: Readonly<Record<string, unknown>> | undefined,
  ) {
    this.#names = readNames(names);
    this.#values = readValues(values);
  }

  /** The name behind `#name`. */
  name(placeholder: string): string | undefined {
    this.#used.add(placeholder);
    return this.#names.get(placeholder);
  }

  /** The value behind `:value`. */
  value(placeholder: string): Value | undefined {
    this.#used.add(placeholder);
    return this.#values.get(placeholder);
  }

  /** Throws ValidationException when there are placeholders that no expression has used. */
  checkUsed(): void {
    for (const [member, given] of [
      ["ExpressionAttributeNames", this.#names],
      ["ExpressionAttributeValues", this.#values],
    ] as const) {
      const unused = [...given.keys()].filter((placeholder) => !this.#used.has(placeholder));
      if (unused.length > 0) {
        throw invalid(`Value provided in ${member} unused in expressions: keys: {${unused.join(", ")}}`);
      }
    }
  }
}

function readNames(names: Readonly<Record<string, string>> | undefined): ReadonlyMap<string, string> {
  if (names === undefined) return new Map();
  const entries = Object.entries(names);
  if (entries.length === 0) throw invalid("ExpressionAttributeNames must not be empty");
  for (const [key, name] of entries) {
    if (!/^#\w+$/.test(key))
      throw invalid(`ExpressionAttributeNames contains invalid key: Syntax error; key: "${key}"`);
    if (typeof name !== "string" || name === "") {
      throw invalid(`ExpressionAttributeNames contains invalid value: Empty attribute name for key ${key}`);
    }
  }
  return new Map(entries);
}

function readValues(values: Readonly<Record<string, unknown>> | undefined): ReadonlyMap<string, Value> {
  if (values === undefined) return new Map();
  const entries = Object.entries(values);
  if (entries.length === 0) throw invalid("ExpressionAttributeValues must not be empty");
  for (const [key] of entries) {
    if (/^:\w+$/.test(key)) continue;
    throw invalid(`ExpressionAttributeValues contains invalid key: Syntax error; key: "${key}"`);
  }
  return new Map(
    entries.map(([key, raw]) => [
      key,
      rewording(
        () => readValue(raw),
        (reason) => `ExpressionAttributeValues contains invalid value: ${reason} for key ${key}`,
      ),
    ]),
  );
}

/** The expressions of a request and what they refer to. Throws ValidationException for placeholders without any expression. */
export function placeholdersOf(
  input: {
    readonly ExpressionAttributeNames?: Readonly<Record<string, string>> | undefined;
    readonly ExpressionAttributeValues?: Readonly<Record<string, unknown>> | undefined;
  },
  expressions: Readonly<Record<string, string | undefined>>,
  valued: readonly string[],
): Placeholders {
  const { ExpressionAttributeNames: names, ExpressionAttributeValues: values } = input;
  const given = Object.values(expressions).some((expression) => expression !== undefined);
  if (names !== undefined && !given) {
    throw invalid("ExpressionAttributeNames can only be specified when using expressions");
  }
  if (values !== undefined && valued.every((kind) => expressions[kind] === undefined)) {
    const missing = valued.length === 0 ? "" : `: ${valued.join(" and ")} ${valued.length > 1 ? "are" : "is"} null`;
    throw invalid(`ExpressionAttributeValues can only be specified when using expressions${missing}`);
  }
  return new Placeholders(names, values);
}
