import { describe, expect, it } from "vitest";
import { index, N, S, TABLE, testTable } from "../test-table.ts";

const HASH = { AttributeName: "pk", KeyType: "HASH" as const };
const pk = { AttributeName: "pk", AttributeType: "S" as const };
const sk = { AttributeName: "sk", AttributeType: "S" as const };

describe("creating a table", () => {
  const valid = { TableName: "other", BillingMode: "PAY_PER_REQUEST", AttributeDefinitions: [pk], KeySchema: [HASH] };

  it.each<[object, string]>([
    [
      { TableName: "ab" },
      "Invalid table/index name.  Table/index names must be between 3 and 255 characters long, and may contain only the characters a-z, A-Z, 0-9, '_', '-', and '.'",
    ],
    [
      { TableName: undefined },
      "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
    ],
    [
      { BillingMode: undefined },
      "One or more parameter values were invalid: ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    ],
    [
      { ProvisionedThroughput: { ReadCapacityUnits: 1, WriteCapacityUnits: 1 } },
      "One or more parameter values were invalid: Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    ],
    [
      { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 0, WriteCapacityUnits: 1 } },
      "1 validation error detected: Value '0' at 'provisionedThroughput.readCapacityUnits' failed to satisfy constraint: Member must have value greater than or equal to 1",
    ],
    [
      { AttributeDefinitions: [sk] },
      "One or more parameter values were invalid: Some index key attributes are not defined in AttributeDefinitions. Keys: [pk], AttributeDefinitions: [sk]",
    ],
    [
      { AttributeDefinitions: [pk, sk] },
      "One or more parameter values were invalid: Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions",
    ],
    [
      { AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "SS" }] },
      "1 validation error detected: Value 'SS' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]",
    ],
    [
      { KeySchema: [] },
      "1 validation error detected: Value '[]' at 'keySchema' failed to satisfy constraint: Member must have length greater than or equal to 1",
    ],
    [
      { KeySchema: [{ ...HASH, KeyType: "RANGE" }] },
      "Invalid KeySchema: The first KeySchemaElement is not a HASH key type",
    ],
    [
      { AttributeDefinitions: [pk, sk], KeySchema: [HASH, { AttributeName: "sk", KeyType: "HASH" }] },
      "Invalid KeySchema: The second KeySchemaElement is not a RANGE key type",
    ],
    [
      { LocalSecondaryIndexes: [index("local", "pk", "sk")], AttributeDefinitions: [pk, sk] },
      "One or more parameter values were invalid: Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex",
    ],
    [
      { GlobalSecondaryIndexes: [index("one", "pk"), index("one", "pk")] },
      "One or more parameter values were invalid: Duplicate index name: one",
    ],
    [
      { GlobalSecondaryIndexes: [] },
      "One or more parameter values were invalid: List of GlobalSecondaryIndexes is empty",
    ],
    [
      {
        GlobalSecondaryIndexes: [
          { ...index("one", "pk"), Projection: { ProjectionType: "ALL", NonKeyAttributes: ["a"] } },
        ],
      },
      "One or more parameter values were invalid: ProjectionType is ALL, but NonKeyAttributes is specified",
    ],
    [
      { StreamSpecification: { StreamEnabled: true } },
      "One or more parameter values were invalid: Table is being created with a stream enabled, UpdateViewType is required",
    ],
    [{ WarmThroughput: {} }, "The local cloud does not support the parameter WarmThroughput of CreateTable"],
    [{ TableName: TABLE }, `Table already exists: ${TABLE}`],
  ])("with %j is refused", async (change, message) => {
    await using table = await testTable();
    expect(await table.refusal("CreateTable", { ...valid, ...change } as never)).toBe(message);
  });
});

describe("describing a table", () => {
  it("counts its items and those of its indexes", async () => {
    await using table = await testTable({
      keys: "pk:S; owner_id:S",
      GlobalSecondaryIndexes: [index("byOwner", "owner_id", undefined, "KEYS_ONLY")],
    });
    await table.call("PutItem", { Item: { pk: S("1"), owner_id: S("me"), a: S("xxxx") } });
    await table.call("PutItem", { Item: { pk: S("2") } });
    const { Table } = await table.call("DescribeTable");
    expect(Table).toMatchObject({
      TableStatus: "ACTIVE",
      ItemCount: 2,
      TableSizeBytes: 3 + 10 + 5 + 3,
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      GlobalSecondaryIndexes: [
        {
          IndexName: "byOwner",
          IndexStatus: "ACTIVE",
          IndexArn: `${table.arn}/index/byOwner`,
          ItemCount: 1,
          IndexSizeBytes: 13,
          Projection: { ProjectionType: "KEYS_ONLY" },
        },
      ],
      DeletionProtectionEnabled: false,
    });
  });
});

describe("listing tables", () => {
  it("goes by name, page by page", async () => {
    await using table = await testTable();
    for (const TableName of ["zebra", "ant"]) {
      await table.call("CreateTable", {
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [pk],
        KeySchema: [HASH],
      } as never);
    }
    const first = await table.call("ListTables", { Limit: 2 });
    expect(first).toEqual({ TableNames: ["ant", TABLE], LastEvaluatedTableName: TABLE });
    expect(await table.call("ListTables", { ExclusiveStartTableName: TABLE })).toEqual({ TableNames: ["zebra"] });
  });
});

describe("updating a table", () => {
  const addIndex = {
    AttributeDefinitions: [{ AttributeName: "owner_id", AttributeType: "S" as const }],
    GlobalSecondaryIndexUpdates: [{ Create: index("byOwner", "owner_id") }],
  };
  const mine = {
    IndexName: "byOwner",
    KeyConditionExpression: "owner_id = :o",
    ExpressionAttributeValues: { ":o": S("me") },
  };

  it("adds an index over the items that are there, and takes it away again", async () => {
    await using table = await testTable();
    await table.call("PutItem", { Item: { pk: S("1"), owner_id: S("me") } });
    await table.call("PutItem", { Item: { pk: S("2"), owner_id: N(5) } });
    const { TableDescription } = await table.call("UpdateTable", addIndex);
    expect(TableDescription).toMatchObject({
      TableStatus: "UPDATING",
      GlobalSecondaryIndexes: [{ IndexStatus: "CREATING" }],
    });
    expect(await table.refusal("Query", mine)).toBe("Cannot read from backfilling global secondary index: byOwner");
    expect(await table.refusal("UpdateTable", addIndex)).toMatch(/^Attempt to change a resource which is still in use/);
    await table.cloud.clock.settle();
    expect((await table.call("Query", mine)).Items).toEqual([{ pk: S("1"), owner_id: S("me") }]);
    await table.call("UpdateTable", { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "byOwner" } }] });
    await table.cloud.clock.settle();
    expect(await table.refusal("Query", mine)).toBe("The table does not have the specified index: byOwner");
    expect((await table.call("DescribeTable")).Table?.AttributeDefinitions).toEqual([pk]);
  });

  it("changes billing, class, protection and stream", async () => {
    await using table = await testTable();
    const changes = [
      { BillingMode: "PROVISIONED", ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 } },
      { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      { DeletionProtectionEnabled: true },
      { StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" } },
    ] as const;
    for (const change of changes) {
      await table.call("UpdateTable", change);
      await table.cloud.clock.settle();
    }
    expect((await table.call("DescribeTable")).Table).toMatchObject({
      BillingModeSummary: { BillingMode: "PROVISIONED" },
      ProvisionedThroughput: { ReadCapacityUnits: 3, WriteCapacityUnits: 4 },
      TableClassSummary: { TableClass: "STANDARD_INFREQUENT_ACCESS" },
      DeletionProtectionEnabled: true,
      StreamSpecification: { StreamEnabled: true, StreamViewType: "NEW_IMAGE" },
      LatestStreamArn: expect.stringMatching(/\/stream\/2030-01-07T/),
    });
    expect(await table.refusal("DeleteTable")).toBe(
      "Resource cannot be deleted as it is currently protected against deletion. Disable deletion protection first.",
    );
  });

  it.each<[object, string]>([
    [
      {},
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
    ],
    [
      { GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: "absent" } }] },
      "Requested resource not found: Index: absent not found",
    ],
    [{ StreamSpecification: { StreamEnabled: false } }, `Table has no stream to disable: TableName: ${TABLE}`],
    [
      { TableClass: "STANDARD", DeletionProtectionEnabled: true },
      "One or more parameter values were invalid: TableClass modification must be the only operation in the request",
    ],
    [
      { TableClass: "CHEAP" },
      "Invalid table-class parameter provided. Please try again with a valid table-class value: [STANDARD, STANDARD_INFREQUENT_ACCESS].",
    ],
    [
      { GlobalSecondaryIndexUpdates: [{}] },
      "One or more parameter values were invalid: One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
    ],
    [
      { StreamSpecification: { StreamEnabled: true } },
      "One or more parameter values were invalid: If stream is being enabled then UpdateViewType is required",
    ],
    [
      { SSESpecification: { Enabled: false, SSEType: "KMS" } },
      "One or more parameter values were invalid: SSEType can not be specified if Enabled is false",
    ],
    [{ ReplicaUpdates: [] }, "The local cloud does not support the parameter ReplicaUpdates of UpdateTable"],
  ])("with %j is refused", async (change, message) => {
    await using table = await testTable();
    expect(await table.refusal("UpdateTable", change)).toBe(message);
  });
});

describe("tags", () => {
  it("are set, listed and taken away", async () => {
    await using table = await testTable({ Tags: [{ Key: "team", Value: "blue" }] });
    const ResourceArn = table.arn;
    await table.call("TagResource", { ResourceArn, Tags: [{ Key: "stage", Value: "test" }] });
    await table.call("UntagResource", { ResourceArn, TagKeys: ["team"] });
    expect(await table.call("ListTagsOfResource", { ResourceArn })).toEqual({
      Tags: [{ Key: "stage", Value: "test" }],
    });
    expect(await table.refusal("ListTagsOfResource", { ResourceArn: `${ResourceArn}-not` })).toBe(
      `Requested resource not found: ResourcArn: ${ResourceArn}-not not found`,
    );
  });
});

describe("point-in-time recovery", () => {
  it("is off until it is turned on", async () => {
    await using table = await testTable();
    const before = await table.call("DescribeContinuousBackups");
    expect(before.ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    });
    await table.call("UpdateContinuousBackups", {
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    });
    const since = new Date(table.cloud.clock.now());
    await table.cloud.clock.advance(3_600_000);
    const after = await table.call("DescribeContinuousBackups");
    expect(after.ContinuousBackupsDescription?.PointInTimeRecoveryDescription).toEqual({
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: 35,
      EarliestRestorableDateTime: since,
      LatestRestorableDateTime: new Date(since.getTime() + 55 * 60_000),
    });
  });
});
