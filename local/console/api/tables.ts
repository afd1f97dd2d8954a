/** DynamoDB tables and their items. */
import type { AttributeValue, KeySchemaElement, TableDescription } from "@aws-sdk/client-dynamodb";
import { allPages, type ConsoleContext } from "../context.ts";
import { badRequest, notFound, optional, required, type Routes } from "../route.ts";
import { plainItem } from "../plain-item.ts";

const PAGE = 50;

interface Keys {
  readonly partition: string;
  readonly sort: string | undefined;
}

export function tableRoutes(context: ConsoleContext): Routes {
  const describe = async (name: string): Promise<TableDescription> => {
    const { Table } = await context.read("dynamodb", "DescribeTable", { TableName: name });
    if (!Table) throw notFound(`There is no table ${name}`);
    return Table;
  };

  return {
    "GET /tables": async () => {
      const owners = context.owners();
      const names = await allPages(async (token) => {
        const answer = await context.read("dynamodb", "ListTables", token ? { ExclusiveStartTableName: token } : {});
        return { items: answer.TableNames ?? [], next: answer.LastEvaluatedTableName };
      });
      const tables = [];
      for (const name of names) tables.push({ ...headOf(await describe(name)), owner: owners.get(name) });
      return { tables };
    },

    "GET /table": async (ask) => {
      const name = required(ask, "name");
      const table = await describe(name);
      const ttl = await context.read("dynamodb", "DescribeTimeToLive", { TableName: name });
      return {
        ...headOf(table),
        owner: context.owners().get(name),
        arn: table.TableArn,
        ttlAttribute: ttl.TimeToLiveDescription?.AttributeName,
        streamView: table.StreamSpecification?.StreamViewType,
        billing: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
        indexes: [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].map((index) => ({
          name: index.IndexName,
          keys: keysOf(index.KeySchema),
          projection: index.Projection?.ProjectionType,
          count: index.ItemCount,
        })),
        types: typesOf(table),
      };
    },

    "GET /items": async (ask) => {
      const name = required(ask, "name");
      const index = optional(ask, "index");
      const partition = optional(ask, "partition");
      const sort = optional(ask, "sort");
      const token = optional(ask, "token");
      const table = await describe(name);
      const keys = keysOf(index === undefined ? table.KeySchema : indexOf(table, index).KeySchema);
      const shared = {
        TableName: name,
        Limit: PAGE,
        ...(index && { IndexName: index }),
        ...(token && { ExclusiveStartKey: readToken(token) }),
      };
      const answer =
        partition === undefined
          ? await context.read("dynamodb", "Scan", shared)
          : await context.read("dynamodb", "Query", {
              ...shared,
              ...condition(table, keys, partition, sort, ask.query.get("how") === "prefix"),
            });
      return {
        keys,
        items: (answer.Items ?? []).map(plainItem),
        token: answer.LastEvaluatedKey && writeToken(answer.LastEvaluatedKey),
      };
    },
  };
}

function condition(
  table: TableDescription,
  keys: Keys,
  partition: string,
  sort: string | undefined,
  isPrefix: boolean,
) {
  const types = typesOf(table);
  const withSort = sort !== undefined && keys.sort !== undefined;
  return {
    KeyConditionExpression: withSort
      ? isPrefix
        ? "#p = :p AND begins_with(#s, :s)"
        : "#p = :p AND #s = :s"
      : "#p = :p",
    ExpressionAttributeNames: { "#p": keys.partition, ...(withSort && { "#s": keys.sort ?? "" }) },
    ExpressionAttributeValues: {
      ":p": valueOf(types[keys.partition], partition),
      ...(withSort && { ":s": valueOf(types[keys.sort ?? ""], sort) }),
    },
  };
}

/** A key as a person types it: a number, base64 for bytes, or the text itself. */
function valueOf(type: string | undefined, text: string): AttributeValue {
  if (type === "N") return { N: text };
  return type === "B" ? { B: Buffer.from(text, "base64") } : { S: text };
}

function indexOf(table: TableDescription, name: string) {
  const found = [...(table.GlobalSecondaryIndexes ?? []), ...(table.LocalSecondaryIndexes ?? [])].find(
    ({ IndexName }) => IndexName === name,
  );
  if (!found) throw notFound(`There is no index ${name}`);
  return found;
}

const headOf = (table: TableDescription) => ({
  name: table.TableName,
  status: table.TableStatus,
  keys: keysOf(table.KeySchema),
  count: table.ItemCount,
  bytes: table.TableSizeBytes,
});

const keysOf = (schema: readonly KeySchemaElement[] = []): Keys => ({
  partition: schema.find(({ KeyType }) => KeyType === "HASH")?.AttributeName ?? "",
  sort: schema.find(({ KeyType }) => KeyType === "RANGE")?.AttributeName,
});

const typesOf = (table: TableDescription): Record<string, string | undefined> =>
  Object.fromEntries((table.AttributeDefinitions ?? []).map((each) => [each.AttributeName, each.AttributeType]));

/** Where a page ended, as text; keys may hold bytes. */
const writeToken = (key: Record<string, AttributeValue>): string =>
  Buffer.from(
    JSON.stringify(key, function (this: Record<string, unknown>, name, shown: unknown) {
      const original = this[name];
      return original instanceof Uint8Array ? { base64: Buffer.from(original).toString("base64") } : shown;
    }),
  ).toString("base64url");

function readToken(token: string): Record<string, AttributeValue> {
  try {
    // It is what writeToken made; what else it could hold DynamoDB refuses.
    return JSON.parse(Buffer.from(token, "base64url").toString(), (_, value: unknown) =>
      typeof value === "object" && value !== null && "base64" in value && typeof value.base64 === "string"
        ? Buffer.from(value.base64, "base64")
        : value,
    ) as Record<string, AttributeValue>;
  } catch {
    throw badRequest("The token is not one of this page");
  }
}
