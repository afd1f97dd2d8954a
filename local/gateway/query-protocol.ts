/** awsQuery: form fields such as `Entry.member.1.Id=a` to typed input, and output to XML. */
import { fromBase64, memberTraitsOf, readString, type Schema, traitsOf } from "./codecs.ts";
import type { Operation, ServiceSchema } from "./service-schema.ts";

/** Field names split at the dots; a leaf's text is under the empty key. */
type Tree = { [part: string]: Tree | string };

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
  return operation.input.isStructSchema() ? (readMember(operation.input, tree) as Record<string, unknown>) : {};
}

const child = (tree: Tree, name: string): Tree | undefined => {
  const found = tree[name];
  return typeof found === "object" ? found : undefined;
};

function readMember(schema: Schema, tree: Tree | undefined): unknown {
  if (tree === undefined) return undefined;
  if (schema.isStructSchema()) {
    const value: Record<string, unknown> = {};
    for (const [name, member] of schema.structIterator()) {
      const read = readMember(member, child(tree, memberTraitsOf(member).xmlName ?? name));
      if (read !== undefined) value[name] = read;
    }
    return value;
  }
  if (schema.isListSchema()) return readList(schema, tree);
  if (schema.isMapSchema()) return readMap(schema, tree);
  const text = tree[""];
  if (typeof text !== "string") return undefined;
  return schema.isBlobSchema() ? fromBase64(text) : readString(schema, text);
}

function readList(schema: Schema, tree: Tree): unknown[] {
  if (tree[""] === "") return [];
  const flat = traitsOf(schema).xmlFlattened;
  const items = flat
    ? tree
    : (child(tree, traitsOf(schema.getValueSchema()).xmlName ?? "member") ?? child(tree, "member") ?? tree);
  return Object.keys(items)
    .filter((key) => /^\d+$/.test(key))
    .sort((a, b) => Number(a) - Number(b))
    .map((key) => readMember(schema.getValueSchema(), child(items, key)));
}

function readMap(schema: Schema, tree: Tree): Record<string, unknown> {
  const entries = traitsOf(schema).xmlFlattened ? tree : (child(tree, "entry") ?? Object.create(null));
  const keyName = traitsOf(schema.getKeySchema()).xmlName ?? "key";
  const valueName = traitsOf(schema.getValueSchema()).xmlName ?? "value";
  return Object.fromEntries(
    Object.keys(entries).flatMap((index) => {
      const entry = child(entries, index);
      const key = entry && child(entry, keyName)?.[""];
      return typeof key === "string" ? [[key, readMember(schema.getValueSchema(), child(entry ?? {}, valueName))]] : [];
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
