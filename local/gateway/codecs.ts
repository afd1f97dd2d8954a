/**
 * The codecs and schemas of the SDK, in one place. They are public exports of `@smithy/core` and `@aws-sdk/core` but internal by
 * intent: their versions are pinned exactly, and no other file imports them.
 */
import { JsonCodec2, XmlCodec } from "@aws-sdk/core/protocols";
import { CborCodec } from "@smithy/core/cbor";
import { FromStringShapeDeserializer, ToStringShapeSerializer } from "@smithy/core/protocols";
import { deref, NormalizedSchema, translateTraits } from "@smithy/core/schema";
import { fromBase64, fromUtf8, toBase64, toUtf8 } from "@smithy/core/serde";

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

/** Reads and writes one wire format. */
export interface Codec {
  read(schema: NormalizedSchema, bytes: Uint8Array | string): Promise<unknown>;
  write(schema: NormalizedSchema, value: unknown): string | Uint8Array;
}

const context = { base64Decoder: fromBase64, base64Encoder: toBase64, utf8Encoder: toUtf8, utf8Decoder: fromUtf8 };
const EPOCH_SECONDS = 7;
const DATE_TIME = 5;
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
const fromString = new FromStringShapeDeserializer(stringSettings);
const toString = new ToStringShapeSerializer(stringSettings);
fromString.setSerdeContext(context as Parameters<typeof fromString.setSerdeContext>[0]);
toString.setSerdeContext(context as Parameters<typeof toString.setSerdeContext>[0]);

/** A header, query or label value as the member's type. */
export const readString = (schema: NormalizedSchema, value: string): unknown => fromString.read(schema, value);
export const writeString = (schema: NormalizedSchema, value: unknown): string => {
  toString.write(schema, value);
  return String(toString.flush());
};
