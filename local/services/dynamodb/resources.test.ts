import { describe, expect, it } from "vitest";
import { ACCOUNT } from "../../core/principal.ts";
import type { Properties, ResourceContext } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";
import { index, N, S } from "./test-table.ts";

const context: ResourceContext = {
  stackName: "shop",
  stackId: "stack",
  logicalId: "Orders",
  tags: { "aws:cloudformation:stack-name": "shop" },
  physicalName: () => "shop-Orders-X1",
  folder: undefined,
};

const properties = {
  AttributeDefinitions: [
    { AttributeName: "pk", AttributeType: "S" },
    { AttributeName: "owner_id", AttributeType: "S" },
  ],
  KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
  BillingMode: "PAY_PER_REQUEST",
  GlobalSecondaryIndexes: [index("byOwner", "owner_id")],
  StreamSpecification: { StreamViewType: "NEW_IMAGE" },
  TimeToLiveSpecification: { AttributeName: "ends", Enabled: "true" },
  PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
  SSESpecification: { SSEEnabled: true },
  Tags: [{ Key: "team", Value: "blue" }],
};

async function provided(cloud: TestCloud, given: Properties = properties) {
  const provider = await cloud.providerOf("AWS::DynamoDB::Table");
  if (!provider?.update) throw new Error("No provider");
  const state = await provider.create(given, context);
  const update = provider.update.bind(provider);
  return { provider, state, update: (next: Properties) => update(state.physicalId, next, given, context) };
}

const describeTable = async (cloud: TestCloud) =>
  (await cloud.call("dynamodb", "DescribeTable", { TableName: "shop-Orders-X1" }, ACCOUNT)).Table;

describe("a table of a template", () => {
  it("can be used at once, with all its settings", async () => {
    await using cloud = await testCloud();
    const { state } = await provided(cloud);
    const arn = cloud.arn("dynamodb", "table/shop-Orders-X1");
    expect(state).toMatchObject({
      physicalId: "shop-Orders-X1",
      attributes: { Arn: arn, StreamArn: expect.stringContaining(`${arn}/stream/`) },
    });
    expect(await describeTable(cloud)).toMatchObject({
      TableStatus: "ACTIVE",
      BillingModeSummary: { BillingMode: "PAY_PER_REQUEST" },
      SSEDescription: { Status: "ENABLED", SSEType: "KMS" },
      StreamSpecification: { StreamViewType: "NEW_IMAGE" },
    });
    const TableName = state.physicalId;
    const expiry = await cloud.call("dynamodb", "DescribeTimeToLive", { TableName }, ACCOUNT);
    expect(expiry.TimeToLiveDescription).toMatchObject({ AttributeName: "ends" });
    const { Tags } = await cloud.call("dynamodb", "ListTagsOfResource", { ResourceArn: arn }, ACCOUNT);
    expect(Tags).toContainEqual({ Key: "aws:cloudformation:stack-name", Value: "shop" });
    expect(Tags).toContainEqual({ Key: "team", Value: "blue" });
    const { ContinuousBackupsDescription } = await cloud.call(
      "dynamodb",
      "DescribeContinuousBackups",
      { TableName },
      ACCOUNT,
    );
    expect(ContinuousBackupsDescription).toMatchObject({
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "ENABLED" },
    });
  });

  it("reads numbers and booleans that come as texts", async () => {
    await using cloud = await testCloud();
    await provided(cloud, {
      AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      ProvisionedThroughput: { ReadCapacityUnits: "5", WriteCapacityUnits: "6" },
      DeletionProtectionEnabled: "false",
    });
    expect(await describeTable(cloud)).toMatchObject({
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 6 },
      DeletionProtectionEnabled: false,
    });
  });

  it("keeps its items when indexes and settings change", async () => {
    await using cloud = await testCloud();
    const { state, update } = await provided(cloud);
    const TableName = state.physicalId;
    await cloud.call("dynamodb", "PutItem", { TableName, Item: { pk: S("1"), owner_id: S("me"), at: N(5) } }, ACCOUNT);
    const next = {
      ...properties,
      AttributeDefinitions: [...properties.AttributeDefinitions, { AttributeName: "at", AttributeType: "N" }],
      GlobalSecondaryIndexes: [index("byOwner", "owner_id", "at"), index("byTime", "at")],
      StreamSpecification: undefined,
      TimeToLiveSpecification: undefined,
    };
    expect(await update(next)).toMatchObject({ physicalId: TableName });
    const { Items } = await cloud.call(
      "dynamodb",
      "Query",
      {
        TableName,
        IndexName: "byTime",
        KeyConditionExpression: "#at = :t",
        ExpressionAttributeNames: { "#at": "at" },
        ExpressionAttributeValues: { ":t": N(5) },
      },
      ACCOUNT,
    );
    expect(Items).toHaveLength(1);
    const table = await describeTable(cloud);
    expect(table?.StreamSpecification).toBeUndefined();
    expect(table?.GlobalSecondaryIndexes?.[0]?.KeySchema).toHaveLength(2);
  });

  it.each<[string, object]>([
    ["its name", { TableName: "other" }],
    [
      "its key",
      {
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
        GlobalSecondaryIndexes: undefined,
      },
    ],
    [
      "the type of its key",
      { AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "N" }], GlobalSecondaryIndexes: undefined },
    ],
  ])("is replaced when %s changes", async (_, change) => {
    await using cloud = await testCloud();
    const { update } = await provided(cloud);
    expect(await update({ ...properties, ...change })).toBe("replace");
  });

  it("is deleted with its items, and does not mind being gone", async () => {
    await using cloud = await testCloud();
    const { provider, state } = await provided(cloud);
    await provider.delete(state.physicalId, properties, context);
    await provider.delete(state.physicalId, properties, context);
    await expect(describeTable(cloud)).rejects.toThrow("Requested resource not found: Table: shop-Orders-X1 not found");
  });

  it("is not deleted while it is protected", async () => {
    await using cloud = await testCloud();
    const { provider, state } = await provided(cloud, { ...properties, DeletionProtectionEnabled: true });
    await expect(async () => provider.delete(state.physicalId, properties, context)).rejects.toThrow(
      "protected against deletion",
    );
  });
});
