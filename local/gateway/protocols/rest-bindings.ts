/** Where the members of a structure are in an HTTP message (Smithy, "HTTP binding traits"). Worked out once for each structure. */
import { type Schema, traitsOf } from "../shapes/codecs.ts";

type Place =
  /** A part of the path, in requests. */
  | "label"
  | "query"
  /** All parameters of the query that are bound to no other member. */
  | "query-rest"
  | "header"
  /** All headers that begin with `key`. */
  | "headers"
  /** The whole body. */
  | "payload"
  /** The status code, in answers. */
  | "status"
  /** A member of the document in the body. */
  | "document";

export interface Binding {
  readonly name: string;
  readonly member: Schema;
  /** Of a list. */
  readonly element: Schema | undefined;
  readonly place: Place;
  /** The name of the header or parameter as the model writes it. */
  readonly title: string;
  /** The same in small letters for headers. */
  readonly key: string;
}

const known = new WeakMap<Schema, readonly Binding[]>();

/** In the order of the model. None for shapes that are no structure. */
export function bindingsOf(shape: Schema): readonly Binding[] {
  let bindings = known.get(shape);
  if (bindings === undefined) {
    bindings = shape.isStructSchema() ? Array.from(shape.structIterator(), bindingOf) : [];
    known.set(shape, bindings);
  }
  return bindings;
}

function bindingOf([name, member]: readonly [string, Schema]): Binding {
  const element = member.isListSchema() ? member.getValueSchema() : undefined;
  const at = (place: Place, title = name): Binding => {
    const key = place === "header" || place === "headers" ? title.toLowerCase() : title;
    return { name, member, element, place, title, key };
  };
  const traits = traitsOf(member);
  if (traits.httpLabel) return at("label");
  if (traits.httpQuery) return at("query", traits.httpQuery);
  if (traits.httpQueryParams) return at("query-rest");
  if (traits.httpHeader) return at("header", traits.httpHeader);
  if (traits.httpPrefixHeaders) return at("headers", traits.httpPrefixHeaders);
  if (traits.httpPayload) return at("payload");
  return traits.httpResponseCode ? at("status") : at("document");
}
