/** AWS::DynamoDB::Table. Tables of a stack can be used as soon as they are made: CloudFormation waits for that itself. */
import type { CreateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { ServiceError } from "../../core/errors.ts";
import type { Properties, ResourceContext, ResourceProvider, ResourceState } from "../../core/service.ts";
import type { Tables } from "./store.ts";
import { setRecovery } from "./tables/continuous-backups.ts";
import { makeTable, switchStream } from "./tables/create-table.ts";
import { readDefinition } from "./tables/definition.ts";
import { checkUnprotected } from "./tables/delete-table.ts";
import type { IndexRecord } from "./tables/record.ts";
import type { Table } from "./tables/table.ts";

const KEY_SCHEMA = [{ AttributeName: true, KeyType: true }] as const;
const PROJECTION = { ProjectionType: true, NonKeyAttributes: true } as const;
const THROUGHPUT = { ReadCapacityUnits: true, WriteCapacityUnits: true } as const;

export const resourcesOf = (tables: Tables): Readonly<Record<string, ResourceProvider>> => ({
  "AWS::DynamoDB::Table": tableProvider(tables),
});

const tableProvider = (tables: Tables): ResourceProvider => ({
  known: {
    AttributeDefinitions: [{ AttributeName: true, AttributeType: true }],
    BillingMode: true,
    DeletionProtectionEnabled: true,
    GlobalSecondaryIndexes: [
      { IndexName: true, KeySchema: KEY_SCHEMA, Projection: PROJECTION, ProvisionedThroughput: THROUGHPUT },
    ],
    KeySchema: KEY_SCHEMA,
    LocalSecondaryIndexes: [{ IndexName: true, KeySchema: KEY_SCHEMA, Projection: PROJECTION }],
    PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: true },
    ProvisionedThroughput: THROUGHPUT,
    SSESpecification: { KMSMasterKeyId: true, SSEEnabled: true, SSEType: true },
    StreamSpecification: { StreamViewType: true },
    TableClass: true,
    TableName: true,
    Tags: [{ Key: true, Value: true }],
    TimeToLiveSpecification: { AttributeName: true, Enabled: true },
  },
  create(properties, context) {
    const { TableName: given } = properties;
    const name = given === undefined ? context.physicalName(255) : String(given);
    const table = makeTable(tables, inputOf(name, properties, context), 0);
    applySettings(tables, table, properties);
    return stateOf(table);
  },
  update(name, properties, previous, context) {
    const table = tables.existing(name);
    if (String(properties["TableName"] ?? "") !== String(previous["TableName"] ?? "")) return "replace";
    const { record } = table;
    const { streamView, ...definition } = readDefinition(inputOf(name, properties, context), tables.cloud.clock.now());
    const keys = [definition.keys.hash, definition.keys.sort];
    const hasNewKeys =
      !same(definition.keys, record.keys) ||
      keys.some((key) => key !== undefined && definition.attributeTypes[key] !== record.attributeTypes[key]) ||
      !same(shapesOf(definition.indexes, "local"), shapesOf(record.indexes, "local"));
    if (hasNewKeys) return "replace";
    for (const index of record.indexes) {
      const kept = definition.indexes.find((other) => other.name === index.name);
      if (!kept || !same(shapeOf(kept), shapeOf(index))) table.forgetIndex(index.name);
    }
    tables.update(table, definition);
    if (streamView !== record.stream?.view) switchStream(tables, table, streamView);
    applySettings(tables, table, properties);
    return stateOf(table);
  },
  delete(name) {
    const table = tables.find(name);
    if (!table) return;
    checkUnprotected(table);
    tables.remove(table);
  },
});

const stateOf = ({ record, arn }: Table): ResourceState => ({
  physicalId: record.name,
  attributes: { Arn: arn, ...(record.stream ? { StreamArn: record.stream.arn } : {}), TableId: record.id },
});

/** What CreateTable does not know of. */
function applySettings(tables: Tables, table: Table, properties: Properties): void {
  const expiry = objectOf(properties["TimeToLiveSpecification"]);
  const { AttributeName: attribute } = expiry;
  const expires = isTrue(expiry["Enabled"]);
  if (expires && typeof attribute !== "string") {
    throw new ServiceError("ValidationException", "TimeToLiveSpecification needs an AttributeName");
  }
  tables.update(table, { expiryAttribute: expires ? String(attribute) : undefined });
  const recovery = objectOf(properties["PointInTimeRecoverySpecification"]);
  const days = recovery["RecoveryPeriodInDays"];
  setRecovery(
    tables,
    table,
    isTrue(recovery["PointInTimeRecoveryEnabled"]),
    days === undefined ? undefined : Number(days),
  );
}

/** Properties of a template are texts as often as numbers and booleans. */
function inputOf(name: string, properties: Properties, context: ResourceContext): CreateTableCommandInput {
  const stream = properties["StreamSpecification"];
  const encryption = properties["SSESpecification"];
  const tags: Record<string, string> = { ...context.tags };
  for (const tag of listOf(properties["Tags"])) tags[String(tag["Key"])] = String(tag["Value"] ?? "");
  const input = {
    TableName: name,
    AttributeDefinitions: properties["AttributeDefinitions"],
    KeySchema: properties["KeySchema"],
    BillingMode: properties["BillingMode"],
    ProvisionedThroughput: throughputOf(properties["ProvisionedThroughput"]),
    LocalSecondaryIndexes: properties["LocalSecondaryIndexes"],
    GlobalSecondaryIndexes:
      properties["GlobalSecondaryIndexes"] &&
      listOf(properties["GlobalSecondaryIndexes"]).map((index) => ({
        ...index,
        ProvisionedThroughput: throughputOf(index["ProvisionedThroughput"]),
      })),
    StreamSpecification: stream && { StreamEnabled: true, StreamViewType: objectOf(stream)["StreamViewType"] },
    SSESpecification: encryption && {
      Enabled: isTrue(objectOf(encryption)["SSEEnabled"]),
      SSEType: objectOf(encryption)["SSEType"],
      KMSMasterKeyId: objectOf(encryption)["KMSMasterKeyId"],
    },
    DeletionProtectionEnabled: isTrue(properties["DeletionProtectionEnabled"]),
    TableClass: properties["TableClass"],
    Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
  };
  // The reader checks every member; what a template can say beyond the types is refused there.
  return Object.fromEntries(
    Object.entries(input).filter(([, value]) => value !== undefined),
  ) as unknown as CreateTableCommandInput;
}

function throughputOf(given: unknown) {
  if (given === undefined) return undefined;
  const { ReadCapacityUnits: read, WriteCapacityUnits: write } = objectOf(given);
  return { ReadCapacityUnits: Number(read), WriteCapacityUnits: Number(write) };
}

/** What makes an index another one. */
const shapeOf = ({ name, keys, projection }: IndexRecord) => ({ name, keys, projection });
const shapesOf = (indexes: readonly IndexRecord[], kind: IndexRecord["kind"]) =>
  indexes
    .filter((index) => index.kind === kind)
    .map(shapeOf)
    .sort((a, b) => (a.name < b.name ? -1 : 1));

const same = (left: unknown, right: unknown): boolean => JSON.stringify(left) === JSON.stringify(right);
const isTrue = (value: unknown): boolean => String(value ?? false) === "true";
// Members of whatever a template holds; what is no object has none.
const objectOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {};
const listOf = (value: unknown): Readonly<Record<string, unknown>>[] =>
  Array.isArray(value) ? value.map(objectOf) : [];
