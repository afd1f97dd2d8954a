/** Text of headers, queries, labels and forms as the types of the schema. */
import { dateOfText, fromBase64, type Schema } from "./codecs.ts";

export type TextType = "Integer" | "Boolean" | "Timestamp" | "Blob";

/** Throws the refusal of a protocol; may answer undefined for what a service leaves out instead. `name` is the header or parameter. */
export type RefuseText = (expected: TextType, text: string, name: string) => undefined;

export interface TextPlace {
  readonly refuse: RefuseText;
  /** How timestamps are written here unless the model says otherwise. */
  readonly dates: "date-time" | "http-date";
}

export function readText(schema: Schema, text: string, name: string, { refuse, dates }: TextPlace): unknown {
  if (schema.isNumericSchema()) return numberOf(text) ?? refuse("Integer", text, name);
  if (schema.isBooleanSchema()) return BOOLEANS[text.toLowerCase()] ?? refuse("Boolean", text, name);
  if (schema.isTimestampSchema()) return dateOfText(text, schema, dates) ?? refuse("Timestamp", text, name);
  if (schema.isBlobSchema()) return bytesOf(text) ?? refuse("Blob", text, name);
  return text;
}

const BOOLEANS: Readonly<Record<string, boolean | undefined>> = Object.assign(Object.create(null), {
  true: true,
  false: false,
  1: true,
  0: false,
});

const numberOf = (text: string): number | undefined => {
  const number = Number(text);
  if (text === "NaN") return number;
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) && Number.isFinite(number) ? number : undefined;
};

function bytesOf(text: string): Uint8Array | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  return fromBase64(text);
}
