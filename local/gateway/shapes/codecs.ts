/**
 * The codecs and schemas of the SDK, in one place. They are public exports of `@smithy/core` and `@aws-sdk/core` but internal by
 * intent: their versions are pinned exactly, and no other file imports them.
 */
import { JsonCodec2, XmlCodec } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import { ToStringShapeSerializer } from "@smithy/core/protocols";
import { deref, NormalizedSchema, translateTraits } from "@smithy/core/schema";
import {
  _parseRfc3339DateTimeWithOffset as parseDateTime,
  _parseRfc7231DateTime as parseHttpDate,
  fromBase64,
  fromUtf8,
  toBase64,
  toUtf8,
} from "@smithy/core/serde";

export { NormalizedSchema as Schema, fromBase64 };

/** Traits of a shape or member, as far as the protocols need them. */
export interface Traits {
  readonly http?: readonly [method: string, uri: string, status: number];
  readonly httpLabel?: number;
  readonly httpQuery?: string;
  readonly httpQueryParams?: number;
  readonly httpHeader?: string;
  readonly httpPrefixHeaders?: string;
  readonly httpPayload?: number;
  readonly httpResponseCode?: number;
  readonly httpError?: number;
  readonly error?: "client" | "server";
  readonly awsQueryError?: readonly [code: string, status: number];
  readonly jsonName?: string;
  readonly xmlName?: string;
  readonly xmlFlattened?: number;
}

/** The schema behind a reference of the SDK's static tables. */
export const schemaOf = (reference: unknown): NormalizedSchema =>
  // The static tables are untyped tuples; `of` checks what it is given.
  NormalizedSchema.of(deref(reference as Parameters<typeof deref>[0]) as Parameters<typeof NormalizedSchema.of>[0]);

export const traitsOf = (schema: NormalizedSchema): Traits => schema.getMergedTraits() as Traits;
export const memberTraitsOf = (schema: NormalizedSchema): Traits => schema.getMemberTraits() as Traits;
export const translated = (traits: unknown): Traits =>
  translateTraits(traits as Parameters<typeof translateTraits>[0]) as Traits;

/** Name of a structure without its namespace. */
export const nameOf = (schema: NormalizedSchema): string | undefined => schema.getName();

const EPOCH_SECONDS = 7;
const DATE_TIME = 5;
const HTTP_DATE = 6;

/** A timestamp of a JSON document: seconds since 1970, or text where the model says so. Undefined when it is none. */
export function dateOf(value: unknown, schema: NormalizedSchema): Date | undefined {
  if (typeof value === "string") return dateOfText(value, schema, "date-time");
  const format: unknown = schema.getSchema();
  if (typeof value !== "number" || format === DATE_TIME || format === HTTP_DATE) return undefined;
  return validDate(new Date(Math.round(value * 1000)));
}

/** A timestamp of a header, a query or a form: in the form that the model names, or in the usual one of that place. */
export function dateOfText(text: string, schema: NormalizedSchema, usual: "date-time" | "http-date"): Date | undefined {
  try {
    const format: unknown = schema.getSchema();
    if (format === HTTP_DATE || (usual === "http-date" && format !== DATE_TIME)) return parseHttpDate(text);
    return validDate(parseDateTime(text));
  } catch {
    return undefined;
  }
}

const validDate = (date: Date | undefined): Date | undefined =>
  date && !Number.isNaN(date.getTime()) ? date : undefined;

/** Reads and writes one wire format. */
export interface Codec {
  read(schema: NormalizedSchema, bytes: Uint8Array | string): Promise<unknown>;
  write(schema: NormalizedSchema, value: unknown): string | Uint8Array;
}

const context = { base64Decoder: fromBase64, base64Encoder: toBase64, utf8Encoder: toUtf8, utf8Decoder: fromUtf8 };
const timestamps = (format: 5 | 7) => ({ useTrait: true, default: format });

interface RawCodec {
  setSerdeContext(context: unknown): void;
  createSerializer(): {
    setSerdeContext(context: unknown): void;
    write(schema: unknown, value: unknown): void;
    flush(): unknown;
  };
  createDeserializer(): { setSerdeContext(context: unknown): void; read(schema: unknown, bytes: unknown): unknown };
}

function wired(raw: unknown): Codec {
  const codec = raw as RawCodec;
  codec.setSerdeContext(context);
  const serializer = codec.createSerializer();
  const deserializer = codec.createDeserializer();
  serializer.setSerdeContext(context);
  deserializer.setSerdeContext(context);
  return {
    read: async (schema, bytes) => deserializer.read(schema, bytes),
    write: (schema, value) => {
      serializer.write(schema, value);
      return serializer.flush() as string | Uint8Array;
    },
  };
}

export const jsonRpc = wired(new JsonCodec2({ timestampFormat: timestamps(EPOCH_SECONDS), jsonName: false }));
export const jsonRest = wired(
  new JsonCodec2({ timestampFormat: timestamps(EPOCH_SECONDS), httpBindings: true, jsonName: true }),
);
export const cbor = wired(new CborCodec());
/** Any value as CBOR, without a schema. */
export const cborDocument = (value: unknown): string | Uint8Array => cbor.write(schemaOf(15), value);

export const xml = (options: { httpBindings: boolean; xmlNamespace: string; serviceNamespace: string }): Codec =>
  wired(new XmlCodec({ timestampFormat: timestamps(DATE_TIME), ...options }));

const stringSettings = { timestampFormat: timestamps(DATE_TIME), httpBindings: true } as const;
const toString = new ToStringShapeSerializer(stringSettings);
toString.setSerdeContext(context as Parameters<typeof toString.setSerdeContext>[0]);

/** A header value of the member's type. */
export const writeString = (schema: NormalizedSchema, value: unknown): string => {
  toString.write(schema, value);
  return String(toString.flush());
};
