/** Plain JSON to the SDK's input types and its outputs back to JSON: what Step Functions does for `aws-sdk` integrations. */
import { Readable } from "node:stream";
import { type Schema } from "./codecs.ts";

/** Dates from ISO strings, bytes from text; everything else as it is. */
export function fromJson(schema: Schema, value: unknown): unknown {
  if (value === null || value === undefined) return undefined;
  if (schema.isTimestampSchema()) return typeof value === "number" ? new Date(value * 1000) : new Date(String(value));
  if (schema.isBlobSchema()) return Buffer.from(typeof value === "string" ? value : JSON.stringify(value));
  if (schema.isListSchema())
    return Array.isArray(value) ? value.map((item) => fromJson(schema.getValueSchema(), item)) : value;
  if (typeof value !== "object") return schema.isStringSchema() && typeof value !== "string" ? String(value) : value;
  if (schema.isStructSchema()) {
    const members = schema.getMemberSchemas();
    return Object.fromEntries(
      Object.entries(value).flatMap(([name, member]) => {
        const known = members[name];
        return known ? [[name, fromJson(known, member)]] : [[name, member]];
      }),
    );
  }
  if (schema.isMapSchema()) {
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [key, fromJson(schema.getValueSchema(), member)]),
    );
  }
  return schema.isStringSchema() ? JSON.stringify(value) : value;
}

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
