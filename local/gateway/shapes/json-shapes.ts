/** Plain JSON to the SDK's input types and its outputs back to JSON: what Step Functions does for `aws-sdk` integrations. */
import { Readable } from "node:stream";
import { dateOf, type Schema } from "./codecs.ts";
import { ShapeReader } from "./shape-reader.ts";
import { usualWording } from "./wrong-type.ts";

const reader = new ShapeReader({
  wording: usualWording,
  scalars: {
    text: (value) => (typeof value === "string" ? value : undefined),
    number: (value) => (typeof value === "number" ? value : undefined),
    boolean: (value) => (typeof value === "boolean" ? value : undefined),
    // Payloads are written as they are, not in base64.
    bytes: (value) => Buffer.from(typeof value === "string" ? value : JSON.stringify(value)),
    date: dateOf,
  },
});

/** Dates from ISO strings or seconds, bytes from text or JSON; everything else as it is. Throws SerializationException. */
export const fromJson = (schema: Schema, value: unknown): unknown => reader.read(schema, value ?? {});

/** Bytes as text, dates as ISO strings, streams read to their end. */
export async function toJson(value: unknown): Promise<unknown> {
  if (value instanceof Date) return value.toISOString();
  if (value instanceof Uint8Array) return Buffer.from(value).toString();
  if (value instanceof Readable) return Buffer.concat(await Array.fromAsync(value as AsyncIterable<Buffer>)).toString();
  if (Array.isArray(value)) return Promise.all(value.map(toJson));
  if (value instanceof Set) return Promise.all([...value].map(toJson));
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(await Promise.all(entries.map(async ([name, member]) => [name, await toJson(member)])));
}
