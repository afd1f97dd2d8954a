/** awsQuery: form fields such as `Entry.member.1.Id=a` to typed input, and output to XML. */
import { ServiceError } from "../../core/errors.ts";
import { memberTraitsOf, type Schema, traitsOf } from "../shapes/codecs.ts";
import type { Operation, ServiceSchema } from "../service-schema.ts";
import { readText, type TextPlace } from "../shapes/text-values.ts";

/** Field names split at the dots; a leaf's text is under the empty key. */
type Tree = { [part: string]: Tree | string };

const malformed = (message: string): ServiceError => new ServiceError("MalformedInput", message, { status: 400 });

const FORM: TextPlace = {
  dates: "date-time",
  refuse: (expected, text) => {
    if (expected === "Timestamp") throw malformed("timestamp must follow ISO8601");
    if (expected === "Blob") throw malformed("blob must be base64-encoded");
    const type = expected === "Boolean" ? "boolean" : "decimal";
    if (text === "") throw malformed(`missing value for ${type} type`);
    throw malformed(type === "boolean" ? "boolean must follow xsd1.1 definition" : `For input string: "${text}"`);
  },
};

/** Throws MalformedInput for text that is not of the member's type. */
export function readQuery(operation: Operation, form: URLSearchParams): Record<string, unknown> {
  const tree: Tree = Object.create(null);
  for (const [name, value] of form) {
    let node = tree;
    for (const part of name.split(".")) {
      const next = node[part];
      node = typeof next === "object" ? next : (node[part] = Object.create(null) as Tree);
    }
    node[""] = value;
  }
  return operation.input.isStructSchema() ? readStructure(operation.input, tree) : {};
}

const child = (tree: Tree, name: string): Tree | undefined => {
  const found = tree[name];
  return typeof found === "object" ? found : undefined;
};

function readStructure(schema: Schema, tree: Tree): Record<string, unknown> {
  const value: Record<string, unknown> = {};
  for (const [name, member] of schema.structIterator()) {
    const key = memberTraitsOf(member).xmlName ?? name;
    const read = readMember(member, child(tree, key), key);
    if (read !== undefined) value[name] = read;
  }
  return value;
}

function readMember(schema: Schema, tree: Tree | undefined, name: string): unknown {
  if (tree === undefined) return undefined;
  if (schema.isStructSchema()) return readStructure(schema, tree);
  if (schema.isListSchema()) return readList(schema, tree);
  if (schema.isMapSchema()) return readMap(schema, tree);
  const text = tree[""];
  return typeof text === "string" ? readText(schema, text, name, FORM) : undefined;
}

function readList(schema: Schema, tree: Tree): unknown[] {
  if (tree[""] === "") return [];
  const flat = traitsOf(schema).xmlFlattened;
  const items = flat
    ? tree
    : (child(tree, traitsOf(schema.getValueSchema()).xmlName ?? "member") ?? child(tree, "member") ?? tree);
  const indices = Object.keys(items).filter((key) => /^\d+$/.test(key));
  if (indices.includes("0")) throw malformed("0 is not a valid index");
  return indices
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => readMember(schema.getValueSchema(), child(items, key), key))
    .filter((item) => item !== undefined);
}

function readMap(schema: Schema, tree: Tree): Record<string, unknown> {
  const entries = traitsOf(schema).xmlFlattened ? tree : (child(tree, "entry") ?? Object.create(null));
  const keyName = traitsOf(schema.getKeySchema()).xmlName ?? "key";
  const valueName = traitsOf(schema.getValueSchema()).xmlName ?? "value";
  return Object.fromEntries(
    Object.keys(entries).flatMap((index) => {
      const entry = child(entries, index);
      const key = entry && child(entry, keyName)?.[""];
      const value = entry && readMember(schema.getValueSchema(), child(entry, valueName), valueName);
      return typeof key === "string" && value !== undefined ? [[key, value]] : [];
    }),
  );
}

export function writeQuery(service: ServiceSchema, operation: Operation, output: unknown, requestId: string): string {
  const inner = operation.output.isStructSchema()
    ? String(service.xml.write(operation.output, output))
        .replace(/^<[^>]*>/, "")
        .replace(/<\/[^>]*>$/, "")
    : "";
  const metadata = `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata>`;
  return `<${operation.name}Response xmlns="${service.xmlNamespace}"><${operation.name}Result>${inner}</${operation.name}Result>${metadata}</${operation.name}Response>`;
}
