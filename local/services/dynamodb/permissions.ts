/** What callers need for each operation ("Actions, resources, and condition keys for Amazon DynamoDB"). */
import type { Cloud } from "../../core/cloud.ts";
import type { Permission } from "../../core/principal.ts";
import { parseKeyCondition } from "./expressions/key-condition.ts";
import { Placeholders } from "./expressions/placeholders.ts";
import { parseProjection } from "./expressions/projection.ts";
import type { Tables } from "./store.ts";
import type { Value } from "./values/value.ts";

type Inputs = Readonly<Record<string, unknown>>;
type Context = Record<string, string | readonly string[]>;

const ITEM_ACTIONS: Readonly<Record<string, string>> = {
  Put: "PutItem",
  Update: "UpdateItem",
  Delete: "DeleteItem",
  ConditionCheck: "ConditionCheckItem",
  Get: "GetItem",
};

export function permissionsOf(tables: Tables, operation: string, input: Inputs): Permission[] {
  const action = `dynamodb:${operation}`;
  switch (operation) {
    case "ListTables":
      return [{ action, resource: "*" }];
    case "TagResource":
    case "UntagResource":
    case "ListTagsOfResource":
      return [{ action, resource: textOf(input["ResourceArn"]) ?? "*" }];
    case "Query":
    case "Scan":
      return [{ action, resource: indexArn(tables.cloud, input), context: contextOf(tables, input) }];
    case "BatchGetItem":
    case "BatchWriteItem":
      return batchPermissions(tables, action, input);
    case "TransactGetItems":
    case "TransactWriteItems":
      return transactionPermissions(tables, input);
    default:
      return [{ action, resource: tableArn(tables.cloud, input), context: contextOf(tables, input) }];
  }
}

function batchPermissions(tables: Tables, action: string, input: Inputs): Permission[] {
  return Object.entries(objectOf(input["RequestItems"])).map(([TableName, request]) => {
    const keys = Array.isArray(request)
      ? request.map((write) => {
          const { PutRequest: put, DeleteRequest: deletion } = objectOf(write);
          return objectOf(put)["Item"] ?? objectOf(deletion)["Key"];
        })
      : listOf(objectOf(request)["Keys"]);
    const leading = keys.flatMap((key) => leadingKeys(tables, { TableName, Key: key }));
    const context = leading.length > 0 ? { "dynamodb:LeadingKeys": leading } : {};
    return { action, resource: tableArn(tables.cloud, { TableName }), context };
  });
}

/** Transactions need the permission of every action in them, on its table. */
function transactionPermissions(tables: Tables, input: Inputs): Permission[] {
  return listOf(input["TransactItems"]).flatMap((item) =>
    Object.entries(objectOf(item)).flatMap(([kind, given]) => {
      const name = ITEM_ACTIONS[kind];
      if (name === undefined || given == null) return [];
      const request = objectOf(given);
      const context = contextOf(tables, request);
      return [{ action: `dynamodb:${name}`, resource: tableArn(tables.cloud, request), context }];
    }),
  );
}

function contextOf(tables: Tables, input: Inputs): Context {
  const context: Context = {};
  const leading = leadingKeys(tables, input);
  if (leading.length > 0) context["dynamodb:LeadingKeys"] = leading;
  const names = attributesOf(input);
  if (names.length > 0) context["dynamodb:Attributes"] = names;
  for (const [key, member] of [
    ["dynamodb:Select", "Select"],
    ["dynamodb:ReturnValues", "ReturnValues"],
    ["dynamodb:ReturnConsumedCapacity", "ReturnConsumedCapacity"],
  ] as const) {
    const value = textOf(input[member]);
    if (value !== undefined) context[key] = value;
  }
  if (input["ProjectionExpression"] !== undefined) context["dynamodb:Select"] = "SPECIFIC_ATTRIBUTES";
  return context;
}

/** The partition keys that a request names, as texts. */
function leadingKeys(tables: Tables, input: Inputs): string[] {
  const { TableName: name, IndexName: index, Key: key, Item: item, KeyConditionExpression: condition } = input;
  const table = typeof name === "string" ? tables.find(name) : undefined;
  if (!table) return [];
  const keys = typeof index === "string" ? table.index(index)?.keys : table.record.keys;
  if (!keys) return [];
  if (typeof condition === "string") return queriedKeys(condition, input, keys.hash);
  const value = objectOf(objectOf(key ?? item)[keys.hash]);
  const text = textOf(value["S"]) ?? textOf(value["N"]);
  return text === undefined ? [] : [text];
}

function queriedKeys(condition: string, input: Inputs, hash: string): string[] {
  try {
    const clause = parseKeyCondition(condition, placeholdersIn(input)).find(({ name }) => name === hash);
    return clause?.kind === "=" ? [keyInWords(clause.value)] : [];
  } catch {
    // The handler says what is wrong with it.
    return [];
  }
}

/** The attributes that a request writes or asks for by name. */
function attributesOf(input: Inputs): string[] {
  const { Item: item, ProjectionExpression: projection } = input;
  if (item !== undefined) return Object.keys(objectOf(item));
  if (typeof projection !== "string") return [];
  try {
    return [...new Set(parseProjection(projection, placeholdersIn(input)).map(([name]) => name))];
  } catch {
    return [];
  }
}

const placeholdersIn = (input: Inputs): Placeholders =>
  new Placeholders(
    // Anything but names is refused by the constructor.
    input["ExpressionAttributeNames"] as Record<string, string> | undefined,
    input["ExpressionAttributeValues"] as Record<string, unknown> | undefined,
  );

const keyInWords = (value: Value): string => ("S" in value ? value.S : "N" in value ? value.N : "");

function tableArn(cloud: Cloud, input: Inputs): string {
  const name = textOf(input["TableName"]);
  if (name === undefined) return "*";
  return name.startsWith("arn:") ? name : cloud.arn("dynamodb", `table/${name}`);
}

function indexArn(cloud: Cloud, input: Inputs): string {
  const index = textOf(input["IndexName"]);
  return index === undefined ? tableArn(cloud, input) : `${tableArn(cloud, input)}/index/${index}`;
}

const textOf = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
// Members of whatever was sent; what is no object has none.
const objectOf = (value: unknown): Inputs => (typeof value === "object" && value !== null ? (value as Inputs) : {});
