import { CreateRoleCommand, IAMClient, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { CreateDBClusterCommand, DescribeDBClustersCommand, RDSClient } from "@aws-sdk/client-rds";
import {
  BatchExecuteStatementCommand,
  BeginTransactionCommand,
  CommitTransactionCommand,
  ExecuteStatementCommand,
  type ExecuteStatementCommandInput,
  RDSDataClient,
  RollbackTransactionCommand,
} from "@aws-sdk/client-rds-data";
import { CreateSecretCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { testCloud, type TestCloud } from "../../testing.ts";

let cloud: TestCloud;
let data: RDSDataClient;
let target: { resourceArn: string; secretArn: string };

beforeAll(async () => {
  cloud = await testCloud();
  data = cloud.client(RDSDataClient, { maxAttempts: 1 });
  target = await cluster("index", { EnableHttpEndpoint: true, ManageMasterUserPassword: true });
  await sql(
    "CREATE TABLE parcels (id int PRIMARY KEY, weight numeric, town text, scans int[], note bytea, at timestamptz)",
  );
}, 60_000);
afterAll(() => cloud[Symbol.asyncDispose]());

async function cluster(DBClusterIdentifier: string, more: object) {
  const rds = cloud.client(RDSClient);
  await rds.send(
    new CreateDBClusterCommand({ DBClusterIdentifier, Engine: "aurora-postgresql", MasterUsername: "boss", ...more }),
  );
  await cloud.clock.settle();
  const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  const [made] = DBClusters ?? [];
  return { resourceArn: made?.DBClusterArn ?? "", secretArn: made?.MasterUserSecret?.SecretArn ?? "none" };
}
const sql = (text: string, more: Partial<ExecuteStatementCommandInput> = {}) =>
  data.send(new ExecuteStatementCommand({ ...target, sql: text, ...more }));
const parameter = (name: string, value: object) => ({ name, value }) as never;

describe("a statement", () => {
  it("gets its values by name and answers them by type", async () => {
    const inserted = await sql(
      "INSERT INTO parcels VALUES (:id, :weight::numeric, :town, ARRAY[1, NULL], :note, :at)",
      {
        parameters: [
          parameter("id", { longValue: 1 }),
          parameter("weight", { stringValue: "12.50" }),
          parameter("town", { stringValue: "Oslo's :id" }),
          parameter("note", { blobValue: Buffer.from([0, 255]) }),
          { name: "at", value: { stringValue: "2030-01-07 12:00:00+00" }, typeHint: "TIMESTAMP" },
        ],
      },
    );
    expect(inserted.numberOfRecordsUpdated).toBe(1);
    const { records, columnMetadata, numberOfRecordsUpdated } = await sql(
      "SELECT id, weight, town, scans, note, weight::float8 AS w, weight > 3 AS heavy, NULL AS nothing, ':id' AS text FROM parcels -- :id",
      { includeResultMetadata: true },
    );
    expect(numberOfRecordsUpdated).toBe(0);
    expect(records).toEqual([
      [
        { longValue: 1 },
        { stringValue: "12.50" },
        { stringValue: "Oslo's :id" },
        { arrayValue: { longValues: [1, null] } },
        { blobValue: new Uint8Array([0, 255]) },
        { doubleValue: 12.5 },
        { booleanValue: true },
        { isNull: true },
        { stringValue: ":id" },
      ],
    ]);
    expect(columnMetadata?.map(({ name, typeName }) => [name, typeName]).slice(0, 4)).toEqual([
      ["id", "int4"],
      ["weight", "numeric"],
      ["town", "text"],
      ["scans", "_int4"],
    ]);
  });

  it("answers JSON where that is asked for", async () => {
    const { formattedRecords } = await sql("SELECT 1 AS a, 'x' AS b, NULL AS c", { formatRecordsAs: "JSON" });
    expect(JSON.parse(formattedRecords ?? "")).toEqual([{ a: 1, b: "x", c: null }]);
  });

  it.each([
    [
      "wrong SQL",
      "SELEC 1",
      {},
      "DatabaseErrorException",
      /syntax error at or near "SELEC"; Position: 1; SQLState: 42601/,
    ],
    ["a table that is not there", "SELECT * FROM nothing", {}, "DatabaseErrorException", /SQLState: 42P01/],
    ["two statements", "SELECT 1; SELECT 2", {}, "DatabaseErrorException", /multiple commands/],
    ["a parameter without a value", "SELECT :a", {}, "BadRequestException", /Cannot find parameter: a/],
    [
      "a text for a number",
      "INSERT INTO parcels (id) VALUES (:id)",
      { parameters: [parameter("id", { stringValue: "7" })] },
      "DatabaseErrorException",
      /column "id" is of type integer but expression is of type character varying/,
    ],
    [
      "an array as a parameter",
      "SELECT :a",
      { parameters: [parameter("a", { arrayValue: { longValues: [1] } })] },
      "BadRequestException",
      /Array parameters are not supported/,
    ],
    ["a row above 64 KB", "SELECT repeat('x', 65537)", {}, "UnsupportedResultException", /64 KB/],
    [
      "a result above 1 MiB",
      "SELECT repeat('x', 65000) FROM generate_series(1, 17)",
      {},
      "UnsupportedResultException",
      /response size limit/,
    ],
    ["a type that it does not know", "SELECT point(1, 2)", {}, "UnsupportedResultException", /unsupported data type/],
    ["another database", "SELECT 1", { database: "other" }, "DatabaseErrorException", /SQLState: 3D000/],
    ["nothing", " ", {}, "BadRequestException", /must not be empty/],
  ])("is refused for %s", async (_name, text, more, name, message) => {
    await expect(sql(text, more)).rejects.toMatchObject({ name, message: expect.stringMatching(message) });
  });
});

describe("a batch", () => {
  it("runs once for each set, all or nothing", async () => {
    await sql("CREATE TABLE towns (name text PRIMARY KEY)");
    const batch = (...names: string[]) =>
      data.send(
        new BatchExecuteStatementCommand({
          ...target,
          sql: "INSERT INTO towns VALUES (:name)",
          parameterSets: names.map((name) => [parameter("name", { stringValue: name })]),
        }),
      );
    expect((await batch("Oslo", "Bergen")).updateResults).toHaveLength(2);
    await expect(batch("Voss", "Oslo")).rejects.toMatchObject({ name: "DatabaseErrorException" });
    expect((await sql("SELECT count(*) FROM towns")).records).toEqual([[{ longValue: 2 }]]);
  });
});

describe("a transaction", () => {
  const begin = async () => (await data.send(new BeginTransactionCommand(target))).transactionId ?? "";
  const rows = async (table: string) => (await sql(`SELECT count(*) FROM ${table}`)).records?.[0]?.[0]?.longValue;

  it("is kept when it is committed, and only once", async () => {
    await sql("CREATE TABLE kept (a int)");
    const transactionId = await begin();
    await sql("INSERT INTO kept VALUES (1)", { transactionId });
    const commit = new CommitTransactionCommand({ ...target, transactionId });
    expect((await data.send(commit)).transactionStatus).toBe("Transaction Committed");
    await expect(data.send(commit)).rejects.toMatchObject({ name: "TransactionNotFoundException" });
    expect(await rows("kept")).toBe(1);
  });

  it("leaves nothing when it is rolled back, or not touched for three minutes", async () => {
    await sql("CREATE TABLE gone (a int)");
    const first = await begin();
    await sql("INSERT INTO gone VALUES (1)", { transactionId: first });
    const rollback = new RollbackTransactionCommand({ ...target, transactionId: first });
    expect((await data.send(rollback)).transactionStatus).toBe("Rollback Complete");
    const second = await begin();
    await sql("INSERT INTO gone VALUES (2)", { transactionId: second });
    await cloud.clock.advance(181_000);
    await expect(sql("SELECT 1", { transactionId: second })).rejects.toMatchObject({
      name: "TransactionNotFoundException",
    });
    expect(await rows("gone")).toBe(0);
  });

  it("keeps others waiting, for 45 seconds at most", async () => {
    const transactionId = await begin();
    await sql("SELECT 1", { transactionId });
    await expect(sql("SELECT 2")).rejects.toMatchObject({ name: "StatementTimeoutException" });
    await data.send(new CommitTransactionCommand({ ...target, transactionId }));
    expect((await sql("SELECT 2")).records).toEqual([[{ longValue: 2 }]]);
  });
});

describe("who may ask", () => {
  it.each([
    ["a cluster without the endpoint", async () => cluster("plain", {}), "HttpEndpointNotEnabledException"],
    ["no cluster", async () => ({ ...target, resourceArn: `${target.resourceArn}x` }), "NotFoundException"],
    ["another ARN", async () => ({ ...target, resourceArn: "arn:aws:s3:::b" }), "BadRequestException"],
    ["no secret", async () => ({ ...target, secretArn: `${target.secretArn}x` }), "SecretsErrorException"],
    ["a secret of something else", async () => ({ ...target, secretArn: await secret("x") }), "InvalidSecretException"],
    [
      "a wrong password",
      async () => ({ ...target, secretArn: await secret('{"username":"boss","password":"x"}') }),
      "DatabaseErrorException",
    ],
  ])("not with %s", async (_name, where, name) => {
    await expect(sql("SELECT 1", await where())).rejects.toMatchObject({ name });
  });

  let secrets = 0;
  const secret = async (SecretString: string) =>
    (
      await cloud
        .client(SecretsManagerClient)
        .send(new CreateSecretCommand({ Name: `other-${++secrets}`, SecretString }))
    ).ARN ?? "";

  it("only who may run statements on the cluster and read the secret", async () => {
    const allow = async (name: string, statements: object[]) => {
      const iam = cloud.client(IAMClient);
      const { Role } = await iam.send(
        new CreateRoleCommand({
          RoleName: name,
          AssumeRolePolicyDocument: JSON.stringify({
            Statement: [{ Effect: "Allow", Principal: { AWS: "*" }, Action: "sts:AssumeRole" }],
          }),
        }),
      );
      await iam.send(
        new PutRolePolicyCommand({
          RoleName: name,
          PolicyName: "p",
          PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement: statements }),
        }),
      );
      const { Credentials } = await cloud
        .client(STSClient)
        .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" }));
      const credentials = {
        accessKeyId: Credentials?.AccessKeyId ?? "",
        secretAccessKey: Credentials?.SecretAccessKey ?? "",
        sessionToken: Credentials?.SessionToken ?? "",
      };
      return cloud.client(RDSDataClient, { maxAttempts: 1, credentials });
    };
    const run = { Effect: "Allow", Action: "rds-data:ExecuteStatement", Resource: target.resourceArn };
    const read = { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: target.secretArn };
    const select = new ExecuteStatementCommand({ ...target, sql: "SELECT 1" });
    await expect((await allow("runs", [run])).send(select)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("secretsmanager:GetSecretValue"),
    });
    await expect((await allow("reads", [read])).send(select)).rejects.toMatchObject({
      name: "AccessDeniedException",
      message: expect.stringContaining("rds-data:ExecuteStatement"),
    });
    expect((await (await allow("both", [run, read])).send(select)).records).toHaveLength(1);
  });
});
