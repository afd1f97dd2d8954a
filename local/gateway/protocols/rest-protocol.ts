/** restXml and restJson1: members bound to labels, query, headers and payload. */
import { ServiceError } from "../../core/errors.ts";
import { type Codec, type Schema, writeString } from "../shapes/codecs.ts";
import { bindingsOf } from "./rest-bindings.ts";
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
  const schema = match.route.operation.input;
  const bindings = bindingsOf(schema);
  const refuse = isForS3 ? refuseForS3 : refuseForJson;
  let hasDocument = false;
  for (const { name, member, element, place, title, key } of bindings) {
    switch (place) {
      case "label": {
        const label = match.labels[name];
        if (label !== undefined) input[name] = readText(member, label, name, { refuse, dates: "date-time" });
        break;
      }
      case "query": {
        if (!request.query.has(key)) break;
        const values = request.query.getAll(key).map((value) => {
          return readText(element ?? member, value, key, { refuse, dates: "date-time" });
        });
        input[name] = element ? values : values[0];
        break;
      }
      case "header": {
        const value = request.headers[key];
        if (value === undefined) break;
        const read = (text: string) => readText(element ?? member, text, title, { refuse, dates: "http-date" });
        input[name] = element ? value.split(",").map((part) => read(part.trim())) : read(value);
        break;
      }
      case "headers": {
        const found = Object.entries(request.headers).filter(
          ([name, value]) => name.startsWith(key) && value !== undefined,
        );
        if (found.length > 0)
          input[name] = Object.fromEntries(found.map(([name, value]) => [name.slice(key.length), value]));
        break;
      }
      case "query-rest": {
        const isBound = (parameter: string) =>
          bindings.some((other) => other.place === "query" && other.key === parameter) ||
          match.route.literals.some(([literal]) => literal === parameter);
        const rest = [...request.query].filter(([parameter]) => !isBound(parameter));
        if (rest.length > 0) input[name] = Object.fromEntries(rest);
        break;
      }
      case "payload": {
        const payload = await readPayload(member, request.body, readDocument);
        if (payload !== undefined) input[name] = payload;
        break;
      }
      default:
        hasDocument = true;
    }
  }
  if (hasDocument && request.body.length > 0) {
    const document = (await readDocument(schema, request.body)) as Record<string, unknown>;
    for (const { name, place } of bindings)
      if (place === "document" && document[name] !== undefined) input[name] = document[name];
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
  for (const { name, member, element, place, key } of bindingsOf(operation.output)) {
    const value = output[name];
    if (place === "payload") hasPayload = true;
    if (place === "document") hasDocument = true;
    if (value === undefined || value === null) continue;
    switch (place) {
      case "status":
        code = Number(value);
        break;
      case "header":
        headers[key] = headerText(
          element && Array.isArray(value)
            ? value.map((part) => writeString(element, part)).join(", ")
            : writeString(member, value),
        );
        break;
      case "headers":
        for (const [rest, text] of Object.entries(value)) headers[key + rest] = headerText(String(text));
        break;
      case "payload":
        if (member.isStructSchema() || member.isListSchema() || member.isMapSchema()) {
          body = codec.write(member, value);
          headers["content-type"] = type;
        } else body = value as WireResponse["body"]; // Buffer, string or stream, as the handler made it.
        break;
      default:
        document[name] = value;
    }
  }
  if (!hasPayload && hasDocument) {
    body = codec.write(operation.output, document);
    headers["content-type"] = type;
  }
  if (headers["content-range"] !== undefined) code = 206;
  return { status: code, headers, body };
}

/** Header values are Latin-1 on the wire; S3 sends user metadata beyond ASCII encoded by RFC 2047. */
const headerText = (value: string): string =>
  // eslint-disable-next-line no-control-regex -- control characters are what must not reach the wire
  /^[\t\x20-\x7e]*$/.test(value) ? value : `=?UTF-8?B?${Buffer.from(value).toString("base64")}?=`;
