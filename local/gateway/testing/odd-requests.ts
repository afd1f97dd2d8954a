/** Requests of each protocol with odd values in every place where the protocol has one. */
import fc from "fast-check";
import type { ServiceEntry } from "../../core/service.ts";
import type { Operation, ServiceSchema } from "../service-schema.ts";
import { type Schema, traitsOf } from "../shapes/codecs.ts";
import { ODD_TEXT, oddInput } from "./odd-inputs.ts";

export interface OddRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Target {
  readonly entry: ServiceEntry;
  readonly schema: ServiceSchema;
  readonly operation: Operation;
  readonly words: readonly string[];
}

const signedFor = ({ signingName }: ServiceEntry) => ({
  authorization: `AWS4-HMAC-SHA256 Credential=AKIALOCALACCOUNT0000/20300107/us-east-1/${signingName}/aws4_request, SignedHeaders=host, Signature=0`,
});

export function oddRequest(target: Target): fc.Arbitrary<OddRequest> {
  if (target.entry.protocol === "query") return oddForm(target);
  return target.entry.protocol === "json" ? oddJson(target) : oddRest(target);
}

function oddJson({ entry, operation, words }: Target): fc.Arbitrary<OddRequest> {
  const headers = {
    ...signedFor(entry),
    "x-amz-target": `${entry.target}.${operation.name}`,
    "content-type": "application/x-amz-json-1.0",
  };
  const documents = fc.oneof(
    {
      arbitrary: oddInput(operation.input, { words, wrongTypes: 0.05, forJson: true }).map((input) =>
        JSON.stringify(input),
      ),
      weight: 9,
    },
    { arbitrary: fc.constantFrom("", "{", "null", "[]", '"x"', "\u0000", '{"a":1}{'), weight: 1 },
  );
  return documents.map((body) => ({ method: "POST", path: "/", headers, body }));
}

/** Form fields of a value; whatever has the wrong type is written as text. */
function fields(schema: Schema, name: string, value: unknown): (readonly [string, string])[] {
  const inner = (part: string) => (name === "" ? part : `${name}.${part}`);
  if (schema.isStructSchema() && isObject(value)) {
    const members = schema.getMemberSchemas();
    return Object.entries(value).flatMap(([key, member]) => {
      const known = Object.hasOwn(members, key) ? members[key] : undefined;
      return known ? fields(known, inner(key), member) : [[inner(key), String(member)] as const];
    });
  }
  if (schema.isListSchema() && Array.isArray(value))
    return value.flatMap((item, index) => fields(schema.getValueSchema(), inner(`member.${index + 1}`), item));
  if (schema.isMapSchema() && isObject(value))
    return Object.entries(value).flatMap(([key, item], index) => [
      [inner(`entry.${index + 1}.key`), key] as const,
      ...fields(schema.getValueSchema(), inner(`entry.${index + 1}.value`), item),
    ]);
  return [[name, typeof value === "string" ? value : (JSON.stringify(value) ?? "")]];
}

function oddForm({ entry, operation, words }: Target): fc.Arbitrary<OddRequest> {
  const headers = { ...signedFor(entry), "content-type": "application/x-www-form-urlencoded" };
  const stray = fc.array(
    fc.tuple(
      fc.constantFrom("a", ".", "member.0", "Tags.member.0.Key", "__proto__.x", "a.b.c", ""),
      fc.constantFrom(...ODD_TEXT),
    ),
    { maxLength: 2 },
  );
  return fc.tuple(oddInput(operation.input, { words, wrongTypes: 0.05, forJson: true }), stray).map(([input, more]) => {
    const form = new URLSearchParams({ Action: operation.name, Version: entry.version ?? "" });
    for (const [name, value] of [...fields(operation.input, "", input), ...more])
      form.append(name, value.toWellFormed());
    return { method: "POST", path: "/", headers, body: form.toString() };
  });
}

function oddRest({ entry, schema, operation, words }: Target): fc.Arbitrary<OddRequest> {
  const route = [...schema.routes.values()].flat().find((candidate) => candidate.operation.name === operation.name);
  if (!route) return fc.constant({ method: "GET", path: "/", headers: signedFor(entry), body: "" });
  const text = fc.oneof(
    { arbitrary: fc.constantFrom(...words), weight: 5 },
    { arbitrary: fc.constantFrom(...ODD_TEXT), weight: 1 },
  );
  const escaped = fc.oneof(
    { arbitrary: text.map((value) => encodeURIComponent(value.toWellFormed())), weight: 20 },
    { arbitrary: fc.constantFrom("%zz", "%ff", "%00", "..", "%2e%2e%2f", "%ED%A0%80"), weight: 1 },
  );
  const members = operation.input.isStructSchema() ? [...operation.input.structIterator()] : [];
  const places = members.map(([name, member]) => ({ name, member, ...traitsOf(member) }));
  const pick = <T>(values: readonly T[]) => fc.subarray([...values]);
  return fc
    .record({
      labels: fc.array(escaped, { minLength: 8, maxLength: 8 }),
      queries: pick(places.flatMap(({ httpQuery }) => httpQuery ?? [])),
      headers: pick(places.flatMap(({ httpHeader }) => httpHeader ?? [])),
      texts: fc.array(text, { minLength: 30, maxLength: 30 }),
      document: oddInput(operation.input, { words, wrongTypes: 0.05, forJson: true }),
      raw: fc.constantFrom(
        undefined,
        undefined,
        undefined,
        "",
        "{",
        "<",
        "<a><b>x</b></a>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>",
      ),
    })
    .map(({ labels, queries, headers, texts, document, raw }) => {
      let next = 0;
      const path = pathOf(route.pattern.source, labels);
      const literal = route.literals.map(([key, value]) => (value === undefined ? key : `${key}=${value}`));
      const query = [...new Set([...route.requiredQuery, ...queries])].map(
        (key) => `${key}=${encodeURIComponent((texts[next++] ?? "").toWellFormed())}`,
      );
      const odd = Object.fromEntries(
        [...new Set([...route.requiredHeaders, ...headers])]
          .filter((name) => !/^(content-length|expect|transfer-encoding|content-encoding)$/i.test(name))
          .map((name) => [name, (texts[next++] ?? "").replace(/[^\x20-\x7e]/g, "?").slice(0, 500)]),
      );
      const all = [...literal, ...query].join("&");
      const body = raw ?? (entry.protocol === "rest-xml" ? xmlOf("Root", document) : JSON.stringify(document));
      const hasBody = route.method !== "GET" && route.method !== "HEAD";
      return {
        method: route.method,
        path: all === "" ? path : `${path}?${all}`,
        headers: { ...signedFor(entry), ...odd },
        body: hasBody ? body : "",
      };
    });
}

/** A path of the route's pattern: its groups filled in order. */
function pathOf(pattern: string, labels: readonly string[]): string {
  let index = 0;
  return pattern
    .replace(/^\^|\/\?\$$/g, "")
    .replace(/\((?:\[\^\/\]\+|\.\+)\)/g, () => labels[index++] || "x")
    .replaceAll("\\/", "/")
    .replaceAll("\\.", ".");
}

function xmlOf(name: string, value: unknown): string {
  if (Array.isArray(value)) return value.map((item) => xmlOf(name, item)).join("");
  const inner = isObject(value)
    ? Object.entries(value)
        .filter(([key]) => /^[A-Za-z]\w*$/.test(key))
        .map(([key, member]) => xmlOf(key, member))
        .join("")
    : String(value).replace(/[<&]/g, (character) => `&#${character.charCodeAt(0)};`);
  return `<${name}>${inner}</${name}>`;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
