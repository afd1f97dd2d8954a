/** Tables as TableDescription tells of them. */
import type { KeySchemaElement, TableDescription } from "@aws-sdk/client-dynamodb";
import type { IndexRecord, KeyNames, Throughput } from "./record.ts";
import type { Table } from "./table.ts";

export function describe(table: Table): TableDescription {
  const { record } = table;
  const { stream, lastStream } = record;
  const globals = record.indexes.filter(({ kind }) => kind === "global");
  const locals = record.indexes.filter(({ kind }) => kind === "local");
  const shownStream = stream ?? lastStream;
  return {
    AttributeDefinitions: Object.entries(record.attributeTypes).map(([AttributeName, AttributeType]) => ({
      AttributeName,
      AttributeType,
    })),
    TableName: record.name,
    KeySchema: schemaOf(record.keys),
    TableStatus: table.status,
    CreationDateTime: new Date(record.createdAt),
    ProvisionedThroughput: throughputOf(record.throughput),
    TableSizeBytes: table.bytes,
    ItemCount: table.itemCount,
    TableArn: table.arn,
    TableId: record.id,
    ...(record.throughput && record.billingChangedAt === undefined
      ? {}
      : {
          BillingModeSummary: {
            BillingMode: record.throughput ? ("PROVISIONED" as const) : ("PAY_PER_REQUEST" as const),
            ...(record.throughput
              ? {}
              : { LastUpdateToPayPerRequestDateTime: new Date(record.billingChangedAt ?? record.createdAt) }),
          },
        }),
    ...(locals.length > 0 ? { LocalSecondaryIndexes: locals.map((index) => describeIndex(table, index)) } : {}),
    ...(globals.length > 0
      ? {
          GlobalSecondaryIndexes: globals.map((index) => ({
            ...describeIndex(table, index),
            IndexStatus: table.cloud.clock.now() < index.activeAt ? ("CREATING" as const) : ("ACTIVE" as const),
            ProvisionedThroughput: throughputOf(index.throughput),
          })),
        }
      : {}),
    ...(stream ? { StreamSpecification: { StreamEnabled: true, StreamViewType: stream.view } } : {}),
    ...(shownStream ? { LatestStreamLabel: shownStream.label, LatestStreamArn: shownStream.arn } : {}),
    ...(record.isEncryptedByKms
      ? {
          SSEDescription: {
            Status: "ENABLED",
            SSEType: "KMS",
            KMSMasterKeyArn: record.encryptionKey ?? table.cloud.arn("kms", "alias/aws/dynamodb"),
          },
        }
      : {}),
    ...(record.tableClass === "STANDARD" ? {} : { TableClassSummary: { TableClass: record.tableClass } }),
    DeletionProtectionEnabled: record.isProtected,
  };
}

const schemaOf = ({ hash, sort }: KeyNames): KeySchemaElement[] => [
  { AttributeName: hash, KeyType: "HASH" },
  ...(sort === undefined ? [] : [{ AttributeName: sort, KeyType: "RANGE" as const }]),
];

const throughputOf = (throughput: Throughput | undefined) => ({
  NumberOfDecreasesToday: 0,
  ReadCapacityUnits: throughput?.read ?? 0,
  WriteCapacityUnits: throughput?.write ?? 0,
});

function describeIndex(table: Table, index: IndexRecord) {
  const { type, attributes } = index.projection;
  return {
    IndexName: index.name,
    KeySchema: schemaOf(index.keys),
    Projection: {
      ProjectionType: type,
      ...(type === "INCLUDE" ? { NonKeyAttributes: [...attributes] } : {}),
    },
    IndexSizeBytes: table.indexBytes(index),
    ItemCount: table.order(index).size,
    IndexArn: `${table.arn}/index/${index.name}`,
  };
}
