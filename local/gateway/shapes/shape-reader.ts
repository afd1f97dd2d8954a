/**
 * Turns a parsed document into an operation's input, and refuses what has the wrong type: handlers are typed, and get only what
 * their types promise. A schema is compiled to closures once; after that a document costs one walk. `null` is as good as absent,
 * members that the schema does not know are left out.
 */
import { nameOf, type Schema, traitsOf } from "./codecs.ts";
import { type Expected, serializationException, type Wording } from "./wrong-type.ts";

/** How the scalars of a kind of document become the SDK's types; undefined refuses the value. */
export interface Scalars {
  text(value: unknown): string | undefined;
  number(value: unknown): number | undefined;
  boolean(value: unknown): boolean | undefined;
  bytes(value: unknown): Uint8Array | undefined;
  date(value: unknown, schema: Schema): Date | undefined;
}

export interface ReaderOptions {
  readonly scalars: Scalars;
  readonly wording: Wording;
  /** Members are named by their `jsonName`, as in REST services. */
  readonly useJsonName?: boolean;
}

type Read = (value: unknown, depth: number) => unknown;
type Document = Readonly<Record<string, unknown>>;

/** Deeper documents than any service takes (DynamoDB: 32 levels) are refused before a walk runs out of stack. */
const DEEPEST = 300;

export class ShapeReader {
  readonly #options: ReaderOptions;
  /** By the schema's static table: structures may contain themselves. */
  readonly #structures = new Map<unknown, Read>();
  readonly #roots = new WeakMap<Schema, Read>();

  constructor(options: ReaderOptions) {
    this.#options = options;
  }

  /** Throws ServiceError SerializationException. */
  read(schema: Schema, document: unknown): unknown {
    let root = this.#roots.get(schema);
    if (!root) this.#roots.set(schema, (root = this.#compile(schema, false)));
    return root(document, 0);
  }

  #compile(schema: Schema, isElement: boolean): Read {
    const { scalars } = this.#options;
    if (schema.isStructSchema()) return this.#structure(schema, isElement);
    if (schema.isListSchema()) return this.#list(schema, isElement);
    if (schema.isMapSchema()) return this.#map(schema, isElement);
    const scalar = (expected: Expected, convert: (value: unknown) => unknown): Read => {
      const refuse = this.#refusal(expected, undefined, isElement);
      return (value) => convert(value) ?? refuse(value);
    };
    if (schema.isStringSchema()) return scalar("String", (value) => scalars.text(value));
    if (schema.isNumericSchema() || schema.isBigIntegerSchema() || schema.isBigDecimalSchema())
      return scalar("Integer", (value) => scalars.number(value));
    if (schema.isBooleanSchema()) return scalar("Boolean", (value) => scalars.boolean(value));
    if (schema.isBlobSchema()) return scalar("Blob", (value) => scalars.bytes(value));
    if (schema.isTimestampSchema()) return scalar("Timestamp", (value) => scalars.date(value, schema));
    return (value) => value;
  }

  #structure(schema: Schema, isElement: boolean): Read {
    const refuse = this.#refusal("structure", nameOf(schema), isElement);
    const members = this.#members(schema);
    return (value, depth) => (isDocument(value) ? members(value, checked(depth)) : refuse(value));
  }

  #members(schema: Schema): Read {
    const known = this.#structures.get(schema.getSchema());
    if (known) return known;
    // Compiled when first met: a schema that contains itself would never end otherwise.
    let members: Map<string, readonly [name: string, read: Read]> | undefined;
    const read: Read = (value, depth) => {
      members ??= new Map(
        [...schema.structIterator()].map(([name, member]) => [
          (this.#options.useJsonName ? traitsOf(member).jsonName : undefined) ?? name,
          [name, this.#compile(member, false)],
        ]),
      );
      const document = value as Document;
      const input: Record<string, unknown> = {};
      for (const key in document) {
        const given = document[key];
        if (given === null || given === undefined) continue;
        const member = members.get(key);
        if (member) input[member[0]] = member[1](given, depth);
      }
      return input;
    };
    this.#structures.set(schema.getSchema(), read);
    return read;
  }

  #list(schema: Schema, isElement: boolean): Read {
    const element = schema.getValueSchema();
    const refuse = this.#refusal("list", elementName(element), isElement);
    const read = this.#compile(element, true);
    return (value, depth) => {
      if (!Array.isArray(value)) return refuse(value);
      const deeper = checked(depth);
      const items: unknown[] = [];
      for (const item of value as readonly unknown[])
        if (item !== null && item !== undefined) items.push(read(item, deeper));
      return items;
    };
  }

  #map(schema: Schema, isElement: boolean): Read {
    const element = schema.getValueSchema();
    const refuse = this.#refusal("map", elementName(element), isElement);
    const read = this.#compile(element, true);
    return (value, depth) => {
      if (!isDocument(value)) return refuse(value);
      const deeper = checked(depth);
      const entries: Record<string, unknown> = {};
      for (const key in value) {
        const given = value[key];
        if (given === null || given === undefined) continue;
        setOwn(entries, key, read(given, deeper));
      }
      return entries;
    };
  }

  #refusal(expected: Expected, shape: string | undefined, isElement: boolean): (value: unknown) => never {
    const { wording } = this.#options;
    return (value) => {
      throw serializationException(wording({ expected, value, shape, isElement }));
    };
  }
}

const isDocument = (value: unknown): value is Document =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const elementName = (schema: Schema): string | undefined => (schema.isStructSchema() ? nameOf(schema) : undefined);

function checked(depth: number): number {
  if (depth < DEEPEST) return depth + 1;
  throw serializationException("The document is nested too deeply");
}

/** `__proto__` is a key like any other: an assignment would set the prototype instead. */
function setOwn(target: Record<string, unknown>, key: string, value: unknown): void {
  if (key !== "__proto__") target[key] = value;
  else Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
}
