/** DynamoDB: items that are put, a counter, and transactions that write two items alike. */
import {
  CreateTableCommand,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from "@aws-sdk/client-dynamodb";
import type { KillableCloud } from "./killable-cloud.ts";
import { holdsWithin, untilKilled, type Witness } from "./witness.ts";

export const TableName = "kept";

export class Items implements Witness {
  acknowledged = 0;
  readonly #put = new Set<string>();
  #counted = { sure: 0, attempted: 0 };
  #pair = { sure: 0, attempted: 0 };

  async setUp(cloud: KillableCloud): Promise<void> {
    const client = cloud.client(DynamoDBClient);
    await client.send(
      new CreateTableCommand({
        TableName,
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "id", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "id", KeyType: "HASH" }],
      }),
    );
    const describe = new DescribeTableCommand({ TableName });
    await holdsWithin(10_000, async () => (await client.send(describe)).Table?.TableStatus === "ACTIVE");
  }

  async load(cloud: KillableCloud, round: number): Promise<void> {
    const client = cloud.client(DynamoDBClient);
    await untilKilled(async (turn) => {
      const id = `item-${round}-${turn}`;
      await client.send(new PutItemCommand({ TableName, Item: { id: { S: id } } }));
      this.#put.add(id);
      this.#counted.attempted++;
      await client.send(
        new UpdateItemCommand({
          TableName,
          Key: { id: { S: "counter" } },
          UpdateExpression: "ADD n :one",
          ExpressionAttributeValues: { ":one": { N: "1" } },
        }),
      );
      this.#counted.sure++;
      const n = { N: String(++this.#pair.attempted) };
      const TransactItems = ["left", "right"].map((id) => ({ Put: { TableName, Item: { id: { S: id }, n } } }));
      await client.send(new TransactWriteItemsCommand({ TransactItems }));
      this.#pair.sure = this.#pair.attempted;
      this.acknowledged += 3;
    });
  }

  async look(cloud: KillableCloud): Promise<readonly string[]> {
    const client = cloud.client(DynamoDBClient);
    const read = async (id: string) =>
      (await client.send(new GetItemCommand({ TableName, Key: { id: { S: id } } }))).Item;
    const wrong: string[] = [];
    for (const id of this.#put) if (!(await read(id))) wrong.push(`${id} was acknowledged and is not there`);
    this.#put.clear();
    const [counter, left, right] = await Promise.all(
      ["counter", "left", "right"].map(async (id) => Number((await read(id))?.["n"]?.N ?? 0)),
    );
    if (!isBetween(this.#counted, counter)) wrong.push(`the counter is ${counter}, not ${text(this.#counted)}`);
    if (left !== right) wrong.push(`half a transaction: ${left} and ${right}`);
    if (!isBetween(this.#pair, left)) wrong.push(`the pair is ${left}, not ${text(this.#pair)}`);
    this.#counted = { sure: counter ?? 0, attempted: counter ?? 0 };
    return wrong;
  }
}

interface Range {
  readonly sure: number;
  readonly attempted: number;
}

const isBetween = ({ sure, attempted }: Range, value = Number.NaN): boolean => value >= sure && value <= attempted;
const text = ({ sure, attempted }: Range): string => `${sure} to ${attempted}`;
