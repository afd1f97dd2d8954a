/** Request bodies in JSON and CBOR, and what the XML codec has read, as inputs of operations. */
import { isUtf8 } from "node:buffer";
import { cbor, type Codec, dateOf, fromBase64, type Schema } from "./codecs.ts";
import { type Scalars, ShapeReader } from "./shape-reader.ts";
import { serializationException, usualWording, wordingOf } from "./wrong-type.ts";

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const boolean = (value: unknown): boolean | undefined => (typeof value === "boolean" ? value : undefined);

function base64(value: unknown): Uint8Array | undefined {
  if (typeof value !== "string") return undefined;
  if (value.length % 4 !== 0)
    throw serializationException(`Base64 encoded length is expected a multiple of 4 bytes but found: ${value.length}`);
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(value))
    throw serializationException("Invalid last non-pad Base64 character dectected");
  return fromBase64(value);
}

const JSON_SCALARS: Scalars = {
  text,
  boolean,
  // 1e999 is a number to JSON, and infinite to this language: no service takes it.
  number: (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined),
  bytes: base64,
  date: dateOf,
};

/** CloudWatch has an answer of its own to what is no number; JSON can only spell it. */
const CLOUDWATCH_SCALARS: Scalars = {
  ...JSON_SCALARS,
  number: (value) =>
    value === "NaN" || value === "Infinity" || value === "-Infinity" ? Number(value) : JSON_SCALARS.number(value),
};

/** The codecs of CBOR and XML make the types themselves; they do not refuse what they cannot make. */
const CBOR_SCALARS: Scalars = {
  text,
  boolean,
  number: (value) => {
    if (typeof value === "bigint") return Number(value);
    return typeof value === "number" ? value : undefined;
  },
  bytes: (value) => (value instanceof Uint8Array ? value : undefined),
  date: (value) => (value instanceof Date && !Number.isNaN(value.getTime()) ? value : undefined),
};
/** Text that is no number is NaN to this codec. */
const XML_SCALARS: Scalars = {
  ...CBOR_SCALARS,
  number: (value) => (typeof value === "number" && Number.isFinite(value) ? value : undefined),
};

const cborReader = new ShapeReader({ scalars: CBOR_SCALARS, wording: usualWording });
const xmlReader = new ShapeReader({ scalars: XML_SCALARS, wording: usualWording });
const readers = { rpc: new Map<string, ShapeReader>(), rest: new Map<string, ShapeReader>() };

function readerOf(kind: "rpc" | "rest", serviceId: string): ShapeReader {
  let reader = readers[kind].get(serviceId);
  if (!reader) {
    const scalars = serviceId === "cloudwatch" ? CLOUDWATCH_SCALARS : JSON_SCALARS;
    reader = new ShapeReader({ scalars, wording: wordingOf(serviceId), useJsonName: kind === "rest" });
    readers[kind].set(serviceId, reader);
  }
  return reader;
}

/** An empty body is an empty document. Throws ServiceError SerializationException. */
export function readJson(kind: "rpc" | "rest", serviceId: string, schema: Schema, body: Buffer): unknown {
  return readerOf(kind, serviceId).read(schema, body.length === 0 ? {} : parsed(body));
}

function parsed(body: Buffer): unknown {
  if (!isUtf8(body)) throw serializationException("The request body is not valid UTF-8");
  try {
    return JSON.parse(body.toString());
  } catch {
    throw serializationException("The request body is not valid JSON");
  }
}

/** Throws ServiceError SerializationException, or whatever the codec throws of bytes that are no CBOR. */
export async function readCbor(schema: Schema, body: Buffer): Promise<unknown> {
  return body.length === 0 ? {} : cborReader.read(schema, await cbor.read(schema, body));
}

/** Throws ServiceError SerializationException, or whatever the codec throws of text that is no XML. */
export async function readXml(codec: Codec, schema: Schema, body: Buffer): Promise<unknown> {
  return xmlReader.read(schema, await codec.read(schema, body));
}
