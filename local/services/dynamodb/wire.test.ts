/** The tables as an SDK client sees them over HTTP. */
import {
  BatchGetItemCommand,
  BatchWriteItemCommand,
  ConditionalCheckFailedException,
  CreateTableCommand,
  DeleteItemCommand,
  DeleteTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  ExecuteStatementCommand,
  GetItemCommand,
  ListTablesCommand,
  PutItemCommand,
  QueryCommand,
  ResourceInUseException,
  ResourceNotFoundException,
  ScanCommand,
  TransactGetItemsCommand,
  TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import { describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

const TableName = "parcels";

async function tableOn(cloud: TestCloud) {
  const client = cloud.client(DynamoDBClient);
  await client.send(
    new CreateTableCommand({
      TableName,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [
        { AttributeName: "depot", AttributeType: "S" },
        { AttributeName: "number", AttributeType: "N" },
      ],
      KeySchema: [
        { AttributeName: "depot", KeyType: "HASH" },
        { AttributeName: "number", KeyType: "RANGE" },
      ],
    }),
  );
  await cloud.clock.settle();
  return client;
}

const parcel = (number: number, more = {}) => ({ depot: { S: "OSL" }, number: { N: String(number) }, ...more });

describe("a table over HTTP", () => {
  it("is created, active a moment later, listed and described", async () => {
    await using cloud = await testCloud();
    const client = cloud.client(DynamoDBClient);
    const input = {
      TableName,
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" as const }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" as const }],
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
    };
    const { TableDescription } = await client.send(new CreateTableCommand(input));
    expect(TableDescription).toMatchObject({
      TableStatus: "CREATING",
      TableArn: cloud.arn("dynamodb", `table/${TableName}`),
      CreationDateTime: new Date(cloud.clock.now()),
      ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 2 },
      ItemCount: 0,
    });
    await expect(client.send(new CreateTableCommand(input))).rejects.toThrow(ResourceInUseException);
    const early = client.send(new GetItemCommand({ TableName, Key: { id: { S: "1" } } }));
    await expect(early).rejects.toThrow(ResourceNotFoundException);
    await cloud.clock.settle();
    const { Table } = await client.send(new DescribeTableCommand({ TableName: TableDescription?.TableArn }));
    expect(Table?.TableStatus).toBe("ACTIVE");
    expect(await client.send(new ListTablesCommand())).toMatchObject({ TableNames: [TableName] });
  });

  it("is gone a moment after it is deleted", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    const { TableDescription } = await client.send(new DeleteTableCommand({ TableName }));
    expect(TableDescription?.TableStatus).toBe("DELETING");
    await cloud.clock.settle();
    await expect(client.send(new DescribeTableCommand({ TableName }))).rejects.toThrow(
      `Requested resource not found: Table: ${TableName} not found`,
    );
  });

  it("gives back values of every type as they were put", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    const Item = parcel(1, {
      text: { S: "blåbær ☂ 🦆" },
      empty: { S: "" },
      bytes: { B: Uint8Array.of(0, 1, 255) },
      yes: { BOOL: true },
      nothing: { NULL: true },
      texts: { SS: ["b", "a"] },
      numbers: { NS: ["3.14", "-2"] },
      binaries: { BS: [Uint8Array.of(7)] },
      list: { L: [{ S: "x" }, { L: [] }] },
      map: { M: { constructor: { N: "1" }, inner: { M: {} } } },
    });
    await client.send(new PutItemCommand({ TableName, Item }));
    const { Item: found } = await client.send(new GetItemCommand({ TableName, Key: parcel(1), ConsistentRead: true }));
    expect(found).toEqual(Item);
  });

  it("keeps the item of a failed condition in the SDK's error, bytes included", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    const Item = parcel(1, { seal: { B: Uint8Array.of(1, 2, 3) } });
    await client.send(new PutItemCommand({ TableName, Item }));
    const again = client.send(
      new PutItemCommand({
        TableName,
        Item: parcel(1),
        ConditionExpression: "attribute_not_exists(depot)",
        ReturnValuesOnConditionCheckFailure: "ALL_OLD",
      }),
    );
    const error: unknown = await again.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ConditionalCheckFailedException);
    expect(error).toMatchObject({ message: "The conditional request failed", Item });
  });

  it("tells why each member of a transaction was cancelled", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    await client.send(new PutItemCommand({ TableName, Item: parcel(2) }));
    const transaction = client.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName, Item: parcel(1) } },
          { ConditionCheck: { TableName, Key: parcel(2), ConditionExpression: "attribute_not_exists(depot)" } },
        ],
      }),
    );
    const error: unknown = await transaction.catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TransactionCanceledException);
    expect(error).toMatchObject({
      message:
        "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed]",
      CancellationReasons: [
        { Code: "None" },
        { Code: "ConditionalCheckFailed", Message: "The conditional request failed" },
      ],
    });
    expect((await client.send(new ScanCommand({ TableName }))).Count).toBe(1);
  });

  it("updates, queries, deletes and batches", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    await client.send(
      new BatchWriteItemCommand({
        RequestItems: { [TableName]: [1, 2, 10].map((number) => ({ PutRequest: { Item: parcel(number) } })) },
      }),
    );
    const { Attributes } = await client.send(
      new UpdateItemCommand({
        TableName,
        Key: parcel(10),
        UpdateExpression: "ADD scans :one SET #s = :stage",
        ExpressionAttributeNames: { "#s": "stage" },
        ExpressionAttributeValues: { ":one": { N: "1" }, ":stage": { S: "moving" } },
        ReturnValues: "UPDATED_NEW",
      }),
    );
    expect(Attributes).toEqual({ scans: { N: "1" }, stage: { S: "moving" } });
    await client.send(new DeleteItemCommand({ TableName, Key: parcel(1) }));
    const { Items, Count, ScannedCount, LastEvaluatedKey, ConsumedCapacity } = await client.send(
      new QueryCommand({
        TableName,
        KeyConditionExpression: "depot = :depot",
        ExpressionAttributeValues: { ":depot": { S: "OSL" } },
        ReturnConsumedCapacity: "TOTAL",
      }),
    );
    expect(Items?.map(({ number }) => number?.N)).toEqual(["2", "10"]);
    expect({ Count, ScannedCount, LastEvaluatedKey }).toEqual({
      Count: 2,
      ScannedCount: 2,
      LastEvaluatedKey: undefined,
    });
    expect(ConsumedCapacity).toEqual({ TableName, CapacityUnits: 0.5 });
    const batch = await client.send(
      new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [parcel(2), parcel(3)] } } }),
    );
    expect(batch).toMatchObject({ Responses: { [TableName]: [parcel(2)] }, UnprocessedKeys: {} });
    const transaction = await client.send(
      new TransactGetItemsCommand({
        TransactItems: [{ Get: { TableName, Key: parcel(3) } }, { Get: { TableName, Key: parcel(2) } }],
      }),
    );
    expect(transaction.Responses).toEqual([{}, { Item: parcel(2) }]);
  });

  it("says that PartiQL is not there", async () => {
    await using cloud = await testCloud();
    const client = await tableOn(cloud);
    await expect(
      client.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM ${TableName}` })),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });
});
