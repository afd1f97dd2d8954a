/** restXml and restJson1: members bound to labels, query, headers and payload. */
import { ServiceError } from "../../core/errors.ts";
import { type Codec, type Schema, traitsOf, writeString } from "../shapes/codecs.ts";
import type { RouteMatch } from "./rest-route.ts";
import { readText, type RefuseText } from "../shapes/text-values.ts";
import type { WireRequest, WireResponse } from "../wire.ts";
import { serializationException, usualWording } from "../shapes/wrong-type.ts";

/** Reads a document of the body. */
export type ReadDocument = (schema: Schema, body: Buffer) => unknown;

/** Dates that are none are left out of conditions (RFC 9110, If-Modified-Since), and S3 keeps any text as Expires. */
const refuseForS3: RefuseText = (expected, text, name) => {
  if (expected === "Timestamp" && /(since|expires)$/i.test(name)) return undefined;
  const message =
    expected === "Integer"
      ? `Provided ${name} not an integer or within integer range`
      : `The value of ${name} is invalid`;
  throw new ServiceError("InvalidArgument", message, {
    status: 400,
    detail: { ArgumentName: name, ArgumentValue: text },
  });
};

const refuseForJson: RefuseText = (expected, value) => {
  throw serializationException(usualWording({ expected, value, shape: undefined, isElement: false }));
};

/** The operation's input. The body is handed over as it is for blob payloads. Throws ServiceError for text of the wrong type. */
export async function readRest(
  match: RouteMatch,
  request: WireRequest,
  readDocument: ReadDocument,
  isForS3: boolean,
): Promise<Record<string, unknown>> {
  const input: Record<string, unknown> = {};
  const inBody: string[] = [];
  const boundQuery = new Set(match.route.literals.map(([key]) => key));
  const schema = match.route.operation.input;
  if (!schema.isStructSchema()) return input;
  const refuse = isForS3 ? refuseForS3 : refuseForJson;
  const ofQuery = (member: Schema, text: string, name: string) =>
    readText(member, text, name, { refuse, dates: "date-time" });
  const ofHeader = (member: Schema, text: string, name: string) =>
    readText(member, text, name, { refuse, dates: "http-date" });
  for (const [name, member] of schema.structIterator()) {
    const traits = traitsOf(member);
    const label = match.labels[name];
    if (label !== undefined) input[name] = ofQuery(member, label, name);
    else if (traits.httpQuery) {
      boundQuery.add(traits.httpQuery);
      const key = traits.httpQuery;
      const values = request.query.getAll(key);
      if (values.length === 0) continue;
      const element = member.isListSchema() ? member.getValueSchema() : undefined;
      input[name] = element
        ? values.map((value) => ofQuery(element, value, key))
        : ofQuery(member, values[0] ?? "", key);
    } else if (traits.httpPrefixHeaders) {
      const prefix = traits.httpPrefixHeaders.toLowerCase();
      const found = Object.entries(request.headers).filter(
        ([header, value]) => header.startsWith(prefix) && value !== undefined,
      );
      if (found.length > 0)
        input[name] = Object.fromEntries(found.map(([header, value]) => [header.slice(prefix.length), value]));
    } else if (traits.httpHeader) {
      const key = traits.httpHeader;
      const value = request.headers[key.toLowerCase()];
      const element = member.isListSchema() ? member.getValueSchema() : undefined;
      if (value !== undefined)
        input[name] = element
          ? value.split(",").map((part) => ofHeader(element, part.trim(), key))
          : ofHeader(member, value, key);
    } else if (traits.httpPayload) {
      const payload = await readPayload(member, request.body, readDocument);
      if (payload !== undefined) input[name] = payload;
    } else if (!traits.httpQueryParams) inBody.push(name);
  }
  for (const [name, member] of schema.structIterator()) {
    if (!traitsOf(member).httpQueryParams) continue;
    const rest = [...request.query].filter(([key]) => !boundQuery.has(key));
    if (rest.length > 0) input[name] = Object.fromEntries(rest);
  }
  if (inBody.length > 0 && request.body.length > 0) {
    const document = (await readDocument(schema, request.body)) as Record<string, unknown>;
    for (const name of inBody) if (document[name] !== undefined) input[name] = document[name];
  }
  return input;
}

async function readPayload(member: Schema, body: Buffer, readDocument: ReadDocument): Promise<unknown> {
  if (member.isStructSchema() || member.isListSchema()) return body.length > 0 ? readDocument(member, body) : undefined;
  return member.isBlobSchema() ? body : body.toString();
}

/** The HTTP answer of an operation's output. */
export function writeRest(
  operation: { output: Schema },
  output: Readonly<Record<string, unknown>>,
  status: number,
  codec: Codec,
  type: string,
): WireResponse {
  const headers: Record<string, string> = {};
  const document: Record<string, unknown> = {};
  let body: WireResponse["body"] = "";
  let hasPayload = false;
  let hasDocument = false;
  let code = status;
  if (!operation.output.isStructSchema()) return { status, headers, body };
  for (const [name, member] of operation.output.structIterator()) {
    const traits = traitsOf(member);
    const value = output[name];
    if (traits.httpPayload) hasPayload = true;
    else if (!traits.httpHeader && !traits.httpPrefixHeaders && !traits.httpResponseCode) hasDocument = true;
    if (value === undefined || value === null) continue;
    if (traits.httpResponseCode) code = Number(value);
    else if (traits.httpPrefixHeaders) {
      for (const [key, text] of Object.entries(value))
        headers[traits.httpPrefixHeaders.toLowerCase() + key] = headerText(String(text));
    } else if (traits.httpHeader) headers[traits.httpHeader.toLowerCase()] = headerText(writeHeader(member, value));
    else if (!traits.httpPayload) document[name] = value;
    else if (member.isStructSchema() || member.isListSchema() || member.isMapSchema()) {
      body = codec.write(member, value);
      headers["content-type"] = type;
    } else body = value as WireResponse["body"]; // Buffer, string or stream, as the handler made it.
  }
  if (!hasPayload && hasDocument) {
    body = codec.write(operation.output, document);
    headers["content-type"] = type;
  }
  if (headers["content-range"] !== undefined) code = 206;
  return { status: code, headers, body };
}

const writeHeader = (member: Schema, value: unknown): string => {
  if (!Array.isArray(value)) return writeString(member, value);
  return value.map((part) => writeString(member.getValueSchema(), part)).join(", ");
};

/** Header values are Latin-1 on the wire; S3 sends user metadata beyond ASCII encoded by RFC 2047. */
const headerText = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what must not reach the wire
  /^[\t\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
