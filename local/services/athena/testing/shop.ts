/** A small data set to query: orders by day as Parquet, in a table with partition projection. */
import * as SDK from "@aws-sdk/client-athena";
import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { parquetWriteBuffer } from "hyparquet-writer";
import { ACCOUNT } from "../../../core/principal.ts";
import { testCloud, type TestCloud } from "../../../testing.ts";

export interface Shop extends AsyncDisposable {
  readonly cloud: TestCloud;
  readonly athena: SDK.AthenaClient;
  /** Runs a query to its end; answers its record. */
  run(
    query: string,
    more?: Partial<SDK.StartQueryExecutionInput>,
    client?: SDK.AthenaClient,
  ): Promise<SDK.QueryExecution>;
  /** The rows of a query, without the names of the columns. */
  rows(query: string, parameters?: string[]): Promise<(string | undefined)[][]>;
  /** A client of a role that may do exactly this. */
  as(...statements: object[]): Promise<SDK.AthenaClient>;
}

export async function openShop(): Promise<Shop> {
  const cloud = await testCloud();
  const athena = cloud.client(SDK.AthenaClient);
  for (const Bucket of ["data", "results"])
    await cloud.call("s3", "CreateBucket", { Bucket: `shop-${Bucket}` }, ACCOUNT);
  await makeTable(cloud);
  await putOrders(cloud, "2030-01-05", [
    [1, "ada"],
    [2, "bob"],
  ]);
  await putOrders(cloud, "2030-01-06", [[3, "ada"]]);
  const run: Shop["run"] = async (QueryString, more = {}, client = athena) => {
    const { QueryExecutionId } = await client.send(
      new SDK.StartQueryExecutionCommand({
        QueryString,
        QueryExecutionContext: { Database: "shop" },
        ResultConfiguration: { OutputLocation: "s3://shop-results/queries/" },
        ...more,
      }),
    );
    await cloud.clock.settle();
    const { QueryExecution = {} } = await athena.send(new SDK.GetQueryExecutionCommand({ QueryExecutionId }));
    return QueryExecution;
  };
  return {
    cloud,
    athena,
    run,
    async rows(query, ExecutionParameters) {
      const { QueryExecutionId, Status } = await run(query, ExecutionParameters && { ExecutionParameters });
      if (Status?.State !== "SUCCEEDED") throw new Error(Status?.StateChangeReason);
      const { ResultSet } = await athena.send(new SDK.GetQueryResultsCommand({ QueryExecutionId }));
      return (ResultSet?.Rows ?? []).slice(1).map(({ Data = [] }) => Data.map(({ VarCharValue }) => VarCharValue));
    },
    as: (...statements) => clientOf(cloud, statements),
    [Symbol.asyncDispose]: async () => void (await cloud.stop()),
  };
}

async function makeTable(cloud: TestCloud): Promise<void> {
  await cloud.call("glue", "CreateDatabase", { DatabaseInput: { Name: "shop" } }, ACCOUNT);
  const TableInput = {
    Name: "orders",
    TableType: "EXTERNAL_TABLE",
    PartitionKeys: [{ Name: "day", Type: "string" }],
    Parameters: {
      "projection.enabled": "true",
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.range": "2030-01-01,NOW",
      "storage.location.template": "s3://shop-data/orders/day=${day}",
    },
    StorageDescriptor: {
      Location: "s3://shop-data/orders",
      Columns: [
        { Name: "id", Type: "bigint" },
        { Name: "customer", Type: "string" },
        { Name: "labels", Type: "map<string,string>" },
        { Name: "note", Type: "string" },
      ],
      InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
    },
  };
  await cloud.call("glue", "CreateTable", { DatabaseName: "shop", TableInput }, ACCOUNT);
}

async function putOrders(cloud: TestCloud, day: string, orders: readonly (readonly [number, string])[]): Promise<void> {
  const file = parquetWriteBuffer({
    schema: [
      { name: "root", num_children: 3 },
      { name: "id", type: "INT64", repetition_type: "OPTIONAL" },
      { name: "customer", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
      { name: "labels", converted_type: "MAP", num_children: 1, repetition_type: "OPTIONAL" },
      { name: "key_value", num_children: 2, repetition_type: "REPEATED" },
      { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
      { name: "value", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
    ],
    columnData: [
      { name: "id", data: orders.map(([id]) => BigInt(id)) },
      { name: "customer", data: orders.map(([, customer]) => customer) },
      { name: "labels", data: orders.map(([id]) => ({ number: `n${id}` })) },
    ],
  });
  const Key = `orders/day=${day}/orders.parquet`;
  await cloud.call("s3", "PutObject", { Bucket: "shop-data", Key, Body: Buffer.from(file) }, ACCOUNT);
}

async function clientOf(cloud: TestCloud, statements: readonly object[]): Promise<SDK.AthenaClient> {
  const iam = cloud.client(IAMClient);
  const trust = { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" };
  const RoleName = `reader-${statements.length}-${cloud.uuid().slice(0, 8)}`;
  const AssumeRolePolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement: [trust] });
  const { Role } = await iam.send(new CreateRoleCommand({ RoleName, AssumeRolePolicyDocument }));
  const Statement = statements.map((statement) => ({ Effect: "Allow", ...statement }));
  const PolicyDocument = JSON.stringify({ Version: "2012-10-17", Statement });
  await iam.send(new PutRolePolicyCommand({ RoleName, PolicyName: "own", PolicyDocument }));
  return cloud.client(SDK.AthenaClient, { credentials: cloud.iam.issue(Role?.Arn ?? "", "session") });
}
