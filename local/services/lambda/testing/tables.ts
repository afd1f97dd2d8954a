/** Tables with streams for tests of Lambda. */
import {
  CreateTableCommand,
  DeleteItemCommand,
  DynamoDBClient,
  PutItemCommand,
  type StreamViewType,
} from "@aws-sdk/client-dynamodb";
import type { TestCloud } from "../../../testing.ts";

export interface TestTable {
  readonly streamArn: string;
  /** Writes an item of this id, with a number that makes it differ from the one before. */
  put(id: string, n: number): Promise<void>;
  remove(id: string): Promise<void>;
}

export async function makeTable(
  cloud: TestCloud,
  name: string,
  view: StreamViewType = "NEW_AND_OLD_IMAGES",
): Promise<TestTable> {
  const dynamodb = cloud.client(DynamoDBClient);
  const { TableDescription } = await dynamodb.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: "PAY_PER_REQUEST",
      AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
      KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      StreamSpecification: { StreamEnabled: true, StreamViewType: view },
    }),
  );
  await cloud.clock.settle();
  return {
    streamArn: TableDescription?.LatestStreamArn ?? "",
    async put(id, n) {
      const Item = { id: { S: id }, n: { N: String(n) }, raw: { B: new Uint8Array([n]) } };
      await dynamodb.send(new PutItemCommand({ TableName: name, Item }));
    },
    async remove(id) {
      await dynamodb.send(new DeleteItemCommand({ TableName: name, Key: { id: { S: id } } }));
    },
  };
}
