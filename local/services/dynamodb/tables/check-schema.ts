/** What AWS asks of the keys and indexes of a table. Throws ValidationException. */
import type { KeySchemaElement, Projection as ProjectionInput, ProvisionedThroughput } from "@aws-sdk/client-dynamodb";
import { Constraints } from "../../constraints.ts";
import { invalid, invalidParameters } from "../validation.ts";
import type { IndexRecord, KeyNames, KeyType, Projection, Throughput } from "./record.ts";

const TABLE_NAME = /^[a-zA-Z0-9_.-]+$/;

export function checkTableName(name: string | undefined): string {
  new Constraints().text("tableName", name, { required: true }).check();
  const given = name ?? "";
  if (given.length >= 3 && given.length <= 255 && TABLE_NAME.test(given)) return given;
  throw invalid(
    "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
  );
}

interface AttributeDefinitionInput {
  readonly AttributeName?: string | undefined;
  readonly AttributeType?: string | undefined;
}

export function readAttributeTypes(
  definitions: readonly AttributeDefinitionInput[] | undefined,
): Readonly<Record<string, KeyType>> {
  const constraints = new Constraints();
  for (const [at, { AttributeName: name, AttributeType: type }] of (definitions ?? []).entries()) {
    const member = `attributeDefinitions.${at + 1}.member`;
    constraints.text(`${member}.attributeName`, name, { required: true, min: 1, max: 255 });
    constraints.text(`${member}.attributeType`, type, { required: true, oneOf: ["B", "N", "S"] });
  }
  constraints.check();
  const types: Record<string, KeyType> = {};
  for (const { AttributeName: name = "", AttributeType: type } of definitions ?? []) {
    const known = type === "S" || type === "N" || type === "B" ? type : "S";
    if (Object.hasOwn(types, name)) throw invalid(`Attribute Name is duplicated: ${name}`);
    types[name] = known;
  }
  return types;
}

export function readKeys(
  member: string,
  schema: readonly Partial<KeySchemaElement>[] | undefined,
  types: Readonly<Record<string, KeyType>>,
): KeyNames {
  const constraints = new Constraints().list(member, schema, { required: true, min: 1, max: 2 });
  for (const [at, { AttributeName: name, KeyType: type }] of (schema ?? []).entries()) {
    constraints.text(`${member}.${at + 1}.member.attributeName`, name, { required: true, min: 1, max: 255 });
    constraints.text(`${member}.${at + 1}.member.keyType`, type, { required: true, oneOf: ["HASH", "RANGE"] });
  }
  constraints.check();
  const [hash, sort] = schema ?? [];
  const names = (schema ?? []).map(({ AttributeName: name = "" }) => name);
  const defined = Object.keys(types);
  if (names.length > defined.length) throw invalid("Invalid KeySchema: Some index key attribute have no definition");
  if (names.some((name) => !Object.hasOwn(types, name))) {
    throw invalidParameters(
      `Some index key attributes are not defined in AttributeDefinitions. Keys: [${names.join(", ")}], AttributeDefinitions: [${defined.join(", ")}]`,
    );
  }
  if (names[0] === names[1]) {
    throw invalid("Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (hash?.KeyType !== "HASH") throw invalid("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  if (sort && sort.KeyType !== "RANGE") {
    throw invalid("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return { hash: names[0] ?? "", ...(names[1] === undefined ? {} : { sort: names[1] }) };
}

interface IndexInput {
  readonly IndexName?: string | undefined;
  readonly KeySchema?: readonly Partial<KeySchemaElement>[] | undefined;
  readonly Projection?: ProjectionInput | undefined;
  readonly ProvisionedThroughput?: Partial<ProvisionedThroughput> | undefined;
  readonly OnDemandThroughput?: unknown;
  readonly WarmThroughput?: unknown;
}

export function readIndex(
  kind: IndexRecord["kind"],
  member: string,
  input: IndexInput,
  types: Readonly<Record<string, KeyType>>,
  activeAt: number,
): IndexRecord {
  new Constraints()
    .present(`${member}.projection`, input.Projection)
    .text(`${member}.indexName`, input.IndexName, {
      required: true,
      min: 3,
      max: 255,
      pattern: TABLE_NAME,
      patternText: "[a-zA-Z0-9_.-]+",
    })
    .present(`${member}.keySchema`, input.KeySchema)
    .check();
  refuseParameters(`index ${input.IndexName}`, input, ["OnDemandThroughput", "WarmThroughput"]);
  return {
    name: input.IndexName ?? "",
    kind,
    keys: readKeys(`${member}.keySchema`, input.KeySchema, types),
    projection: readProjection(input.Projection ?? {}),
    throughput: input.ProvisionedThroughput && readThroughput(input.ProvisionedThroughput),
    activeAt,
  };
}

function readProjection({ ProjectionType: type, NonKeyAttributes: attributes }: ProjectionInput): Projection {
  if (type === undefined) throw invalidParameters("Unknown ProjectionType: null");
  new Constraints()
    .text("projection.projectionType", type, { oneOf: ["ALL", "INCLUDE", "KEYS_ONLY"] })
    .list("projection.nonKeyAttributes", attributes, { min: 1, max: 20 })
    .check();
  if (attributes && type !== "INCLUDE") {
    throw invalidParameters(`ProjectionType is ${type}, but NonKeyAttributes is specified`);
  }
  if (!attributes && type === "INCLUDE") {
    throw invalidParameters("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  return { type, attributes: attributes ?? [] };
}

export function readThroughput(input: Partial<ProvisionedThroughput>): Throughput {
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = input;
  new Constraints()
    .number("provisionedThroughput.writeCapacityUnits", write, { required: true, min: 1 })
    .number("provisionedThroughput.readCapacityUnits", read, { required: true, min: 1 })
    .check();
  return { read: read ?? 1, write: write ?? 1 };
}

/** The indexes of a table together with its keys. */
export function checkIndexes(
  keys: KeyNames,
  types: Readonly<Record<string, KeyType>>,
  indexes: readonly IndexRecord[],
): void {
  const names = new Set<string>();
  for (const { name, kind, keys: own } of indexes) {
    if (names.has(name)) throw invalidParameters(`Duplicate index name: ${name}`);
    names.add(name);
    if (kind === "global") continue;
    if (keys.sort === undefined) {
      throw invalidParameters(
        "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
      );
    }
    if (own.sort === undefined) {
      throw invalidParameters(`Index KeySchema does not have a range key for index: ${name}`);
    }
    if (own.hash !== keys.hash) {
      throw invalidParameters(
        `Index KeySchema does not have the same leading hash key as table KeySchema for index: ${name}. index hash key: ${own.hash}, table hash key: ${keys.hash}`,
      );
    }
  }
  const count = (kind: IndexRecord["kind"]) => indexes.filter((index) => index.kind === kind).length;
  if (count("local") > 5) throw invalidParameters("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
  if (count("global") > 20) throw invalidParameters("GlobalSecondaryIndex count exceeds the per-table limit of 20");
  const used = new Set([keys, ...indexes.map((index) => index.keys)].flatMap(({ hash, sort }) => [hash, sort]));
  const unused = Object.keys(types).filter((name) => !used.has(name));
  if (unused.length === 0) return;
  throw invalidParameters(
    indexes.length === 0
      ? "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"
      : `Some AttributeDefinitions are not used. AttributeDefinitions: [${Object.keys(types).join(", ")}], keys used: [${[...used].filter((name) => name !== undefined).join(", ")}]`,
  );
}

/** Throws ValidationException for parameters that are not there in the local cloud. */
export function refuseParameters(what: string, input: object, names: readonly string[]): void {
  for (const name of names) {
    if (Object.hasOwn(input, name) && Reflect.get(input, name) != null) {
      throw invalid(`The local cloud does not support the parameter ${name} of ${what}`);
    }
  }
}
