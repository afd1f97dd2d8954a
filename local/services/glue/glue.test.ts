/** The data catalog through its SDK client. */
import * as SDK from "@aws-sdk/client-glue";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ResourceContext } from "../../core/service.ts";
import { testCloud, type TestCloud } from "../../testing.ts";

let cloud: TestCloud;
let glue: SDK.GlueClient;
beforeEach(async () => {
  cloud = await testCloud();
  glue = cloud.client(SDK.GlueClient);
});
afterEach(() => cloud.stop());

const TableInput: SDK.TableInput = {
  Name: "Orders",
  PartitionKeys: [{ Name: "day", Type: "string" }],
  StorageDescriptor: { Location: "s3://data/orders/", Columns: [{ Name: "id", Type: "bigint" }] },
};
const createDatabase = () => glue.send(new SDK.CreateDatabaseCommand({ DatabaseInput: { Name: "Shop" } }));
const createTable = (input = TableInput) =>
  glue.send(new SDK.CreateTableCommand({ DatabaseName: "shop", TableInput: input }));
const getTable = async (Name = "orders") =>
  (await glue.send(new SDK.GetTableCommand({ DatabaseName: "shop", Name }))).Table;

describe("the catalog", () => {
  it("keeps databases and tables in lower case, and changes tables", async () => {
    await createDatabase();
    await createTable();
    const { Database } = await glue.send(new SDK.GetDatabaseCommand({ Name: "SHOP" }));
    expect(Database).toMatchObject({ Name: "shop", CatalogId: "123456789012" });
    expect(await getTable("ORDERS")).toMatchObject({ Name: "orders", DatabaseName: "shop", VersionId: "0" });
    const changed = { ...TableInput, Description: "what was ordered" };
    await glue.send(new SDK.UpdateTableCommand({ DatabaseName: "shop", TableInput: changed }));
    expect(await getTable()).toMatchObject({ Description: "what was ordered", VersionId: "1" });
    const { TableList } = await glue.send(new SDK.GetTablesCommand({ DatabaseName: "shop", Expression: "ord.*" }));
    expect(TableList?.map(({ Name }) => Name)).toEqual(["orders"]);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ["a database twice", createDatabase, "AlreadyExistsException"],
    ["a table twice", createTable, "AlreadyExistsException"],
    ["an unknown table", () => getTable("none"), "EntityNotFoundException"],
    ["an unknown database", () => glue.send(new SDK.GetDatabaseCommand({ Name: "none" })), "EntityNotFoundException"],
    ["a table without a name", () => createTable({ ...TableInput, Name: "" }), "InvalidInputException"],
    [
      "a column twice",
      () => createTable({ ...TableInput, Name: "b", PartitionKeys: [{ Name: "ID", Type: "int" }] }),
      "InvalidInputException",
    ],
  ])("refuses %s", async (_title, ask, name) => {
    await createDatabase();
    await createTable();
    await expect(ask()).rejects.toMatchObject({ name });
  });

  it("forgets the tables of a database that goes", async () => {
    await createDatabase();
    await createTable();
    await glue.send(new SDK.DeleteTableCommand({ DatabaseName: "shop", Name: "orders" }));
    await expect(getTable()).rejects.toMatchObject({ name: "EntityNotFoundException" });
    await createTable();
    await glue.send(new SDK.DeleteDatabaseCommand({ Name: "shop" }));
    await createDatabase();
    await expect(getTable()).rejects.toMatchObject({ name: "EntityNotFoundException" });
  });

  it("registers partitions once, and says which were there", async () => {
    await createDatabase();
    await createTable();
    const register = (...days: string[]) =>
      glue.send(
        new SDK.BatchCreatePartitionCommand({
          DatabaseName: "shop",
          TableName: "orders",
          PartitionInputList: days.map((day) => ({ Values: [day] })),
        }),
      );
    expect((await register("2030-01-06")).Errors).toBeUndefined();
    expect((await register("2030-01-06", "2030-01-07")).Errors).toMatchObject([
      { PartitionValues: ["2030-01-06"], ErrorDetail: { ErrorCode: "AlreadyExistsException" } },
    ]);
    const { Partitions } = await glue.send(
      new SDK.GetPartitionsCommand({ DatabaseName: "shop", TableName: "orders", MaxResults: 1 }),
    );
    expect(Partitions?.map(({ Values }) => Values)).toEqual([["2030-01-06"]]);
  });
});

describe("a role", () => {
  it("needs the catalog, the database and the table", async () => {
    await createDatabase();
    await createTable();
    const iam = cloud.client(IAMClient);
    const { Role } = await iam.send(
      new CreateRoleCommand({
        RoleName: "reader",
        AssumeRolePolicyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
        }),
      }),
    );
    const credentials = cloud.iam.issue(Role?.Arn ?? "", "session");
    const read = () =>
      cloud
        .client(SDK.GlueClient, { credentials })
        .send(new SDK.GetTableCommand({ DatabaseName: "shop", Name: "orders" }));
    const allow = (...resources: string[]) =>
      iam.send(
        new PutRolePolicyCommand({
          RoleName: "reader",
          PolicyName: "own",
          PolicyDocument: JSON.stringify({
            Version: "2012-10-17",
            Statement: [
              { Effect: "Allow", Action: "glue:GetTable", Resource: resources.map((name) => cloud.arn("glue", name)) },
            ],
          }),
        }),
      );
    await allow("catalog", "database/shop");
    await expect(read()).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("table/shop/orders") as unknown,
    });
    await allow("catalog", "database/shop", "table/shop/orders");
    expect((await read()).Table?.Name).toBe("orders");
  });
});

describe("the templates", () => {
  const context: ResourceContext = {
    stackName: "shop",
    stackId: "shop-id",
    logicalId: "Catalog",
    tags: {},
    physicalName: () => "shop-catalog-abc123",
    folder: undefined,
  };

  it("make databases and tables, named by the stack where they name none", async () => {
    const databases = await cloud.providerOf("AWS::Glue::Database");
    const tables = await cloud.providerOf("AWS::Glue::Table");
    const CatalogId = cloud.accountId;
    const made = await databases?.create({ CatalogId, DatabaseInput: {} }, context);
    expect(made?.physicalId).toBe("shop_catalog_abc123");
    const properties = {
      CatalogId,
      DatabaseName: made?.physicalId,
      TableInput: { ...TableInput, Parameters: { "projection.enabled": true } },
    };
    expect((await tables?.create(properties, context))?.physicalId).toBe("orders");
    const { Table } = await glue.send(new SDK.GetTableCommand({ DatabaseName: made?.physicalId, Name: "orders" }));
    expect(Table?.Parameters).toEqual({ "projection.enabled": "true" });
    await tables?.delete("orders", properties, context);
    await databases?.delete("shop_catalog_abc123", properties, context);
    await expect(databases?.create({ CatalogId: "999999999999", DatabaseInput: {} }, context)).rejects.toMatchObject({
      name: "InvalidInputException",
    });
  });
});
