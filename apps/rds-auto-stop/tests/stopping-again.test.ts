import {
  AddTagsToResourceCommand,
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

const DAY = 86_400;
const PROTECTED = [{ Key: "auto-restart-protection", Value: "yes" }];

let app: LocalApp;
let rds: RDSClient;
const start = async (parameters: Record<string, string> = {}) => {
  app = await deploy("rds-auto-stop", { parameters: { AdministratorEmail: "dba@example.com", ...parameters } });
  rds = app.client(RDSClient);
};
afterEach(() => app[Symbol.asyncDispose]());

/** A database that somebody has stopped. */
async function stoppedInstance(id: string, more: object = {}): Promise<void> {
  await rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      Tags: PROTECTED,
      ...more,
    }),
  );
  await app.settle();
  await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }));
  await app.settle();
}
const statusOf = async (id: string) =>
  (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0]?.DBInstanceStatus;
const executions = async () =>
  (await app.client(SFNClient).send(new ListExecutionsCommand({ stateMachineArn: app.resource("StopDatabaseAgain") })))
    .executions ?? [];
/** Seven days pass, AWS starts what is stopped, and everything that follows happens. */
const week = async () => {
  await app.advance(7 * DAY);
  await app.settle();
};
const mails = () => app.outbox.map(({ subject, text }) => `${subject}: ${text}`);

const event = (id: string, EventID: string, SourceIdentifier: string) => ({
  version: "0",
  id,
  source: "aws.rds",
  "detail-type": "RDS DB Instance Event",
  account: "123456789012",
  time: "2030-01-07T12:00:00Z",
  region: "us-east-1",
  resources: [],
  detail: { EventID, SourceIdentifier, SourceType: "DB_INSTANCE", Message: "m" },
});

describe("a protected instance", () => {
  beforeEach(() => start());

  it("is stopped again when AWS starts it after seven days, and the administrator is told", async () => {
    await stoppedInstance("orders");
    await week();
    expect(await statusOf("orders")).toBe("stopped");
    expect((await executions()).map(({ status }) => status)).toEqual(["SUCCEEDED"]);
    expect(mails()).toEqual([
      expect.stringMatching(
        /^Stopped again: orders: .*Your instance orders was started by AWS after seven days and has been stopped again/s,
      ),
    ]);
  });

  it("is stopped every seven days for months", async () => {
    await stoppedInstance("orders");
    for (let weeks = 0; weeks < 6; weeks++) await week();
    expect(await statusOf("orders")).toBe("stopped");
    expect(await executions()).toHaveLength(6);
  });

  it("is stopped again when it starts once more while it is watched", async () => {
    await stoppedInstance("orders");
    app.cloud.faults.add({
      service: "rds",
      operation: "StopDBInstance",
      error: { name: "InvalidDBInstanceState", message: "Instance orders is not in available state." },
      times: 3,
      role: "StopDatabase",
    });
    await week();
    expect(await statusOf("orders")).toBe("stopped");
    expect(mails()[0]).toContain("Stopped again");
  });

  it("needs no stop when somebody else was quicker, and the administrator hears so", async () => {
    await stoppedInstance("orders");
    await app.invoke("StartStopping", event("e-1", "RDS-EVENT-0154", "orders"));
    await app.settle();
    expect(mails()[0]).toContain("was already stopped");
  });

  it("starts one execution, however often its event comes", async () => {
    await stoppedInstance("orders");
    const once = event("e-1", "RDS-EVENT-0154", "orders");
    await Promise.all([app.invoke("StartStopping", once), app.invoke("StartStopping", once)]);
    await app.settle();
    await app.invoke("StartStopping", once);
    await app.settle();
    expect((await executions()).map(({ name }) => name)).toEqual(["e-1"]);
    expect(mails()).toHaveLength(1);
  });
});

describe("what is left alone", () => {
  beforeEach(() => start());

  it.each([
    ["an instance without the tag", []],
    ["an instance with another value", [{ Key: "auto-restart-protection", Value: "yesterday" }]],
    ["a paused instance", [...PROTECTED, { Key: "auto-restart-protection-paused", Value: "yes" }]],
  ])("%s", async (_name, Tags) => {
    await stoppedInstance("orders", { Tags });
    await week();
    expect(await statusOf("orders")).toBe("available");
    expect(await executions()).toEqual([]);
  });

  it("events of other kinds, with the answer that nothing was to be done", async () => {
    expect(await app.invoke("StartStopping", event("e-1", "RDS-EVENT-0088", "orders"))).toEqual({ statusCode: 200 });
    const lines = await app.logs("StartStopping");
    expect(lines.some(({ json }) => json?.["message"] === "not eligible")).toBe(true);
  });
});

describe("an Aurora cluster", () => {
  it("is stopped as a whole; its members are never stopped one by one", async () => {
    await start();
    await rds.send(
      new CreateDBClusterCommand({ DBClusterIdentifier: "c", Engine: "aurora-postgresql", Tags: PROTECTED }),
    );
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "member",
        DBInstanceClass: "db.t4g.medium",
        Engine: "aurora-postgresql",
        DBClusterIdentifier: "c",
        Tags: PROTECTED,
      }),
    );
    await app.settle();
    await rds.send(new StopDBClusterCommand({ DBClusterIdentifier: "c" }));
    await app.settle();
    await week();
    expect((await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "c" }))).DBClusters?.[0]?.Status).toBe(
      "stopped",
    );
    expect(await app.invoke("StartStopping", event("e-2", "RDS-EVENT-0154", "member"))).toEqual({ statusCode: 200 });
    expect(await executions()).toHaveLength(1);
  });
});

describe("failure", () => {
  it("is announced when the database was deleted meanwhile", async () => {
    await start();
    await stoppedInstance("orders");
    await app.advance(7 * DAY + 60);
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "orders", SkipFinalSnapshot: true }));
    await app.settle();
    expect((await executions())[0]?.status).toBe("FAILED");
    expect(mails().some((mail) => mail.startsWith("NOT stopped: orders") && mail.includes("no waiting mends"))).toBe(
      true,
    );
  });

  it("is announced when it cannot be stopped, because it has a read replica", async () => {
    await start();
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: "orders",
        DBInstanceClass: "db.t4g.micro",
        Engine: "postgres",
        Tags: PROTECTED,
      }),
    );
    await app.settle();
    await rds.send(
      new CreateDBInstanceReadReplicaCommand({ DBInstanceIdentifier: "copy", SourceDBInstanceIdentifier: "orders" }),
    );
    await app.invoke("StartStopping", event("e-9", "RDS-EVENT-0154", "orders"));
    await app.settle();
    expect((await executions())[0]?.status).toBe("FAILED");
    const [notice, alarm] = mails();
    expect(notice).toMatch(
      /^NOT stopped: orders.*DatabaseNotStoppable: The instance orders cannot be stopped: [^{]*$/s,
    );
    expect(alarm).toMatch(/^ALARM: .*FailedExecutionsAlarm/);
  });

  it("is announced after the last check of a database that never settles", async () => {
    await start({ MaximumChecks: "3" });
    await stoppedInstance("orders");
    const instances = app.cloud.storage.map<{ status: string; next?: unknown }>("rds.instances");
    await app.advance(7 * DAY + 1);
    const instance = instances.get("orders");
    if (instance) instances.set("orders", { ...instance, status: "modifying", next: undefined });
    await app.settle();
    expect(mails().some((mail) => mail.includes("after 3 checks its status is still modifying"))).toBe(true);
    expect((await executions())[0]?.status).toBe("FAILED");
  });

  it.each([
    ["RetrieveState", "DescribeDBInstances"],
    ["StopDatabase", "StopDBInstance"],
    ["StartStopping", "DescribeDBInstances"],
  ])("of throttled calls in %s is not seen by anybody", async (role, operation) => {
    await start();
    await stoppedInstance("orders");
    const fault = app.cloud.faults.add({ service: "rds", operation, error: "throttle", times: 12, role });
    await week();
    expect(fault.hits).toBe(12);
    expect(await statusOf("orders")).toBe("stopped");
  });

  it("of an event that cannot be understood ends in the dead-letter queue with its reason", async () => {
    await start();
    await expect(app.invoke("StartStopping", { id: "x", source: "aws.rds", detail: {} })).rejects.toMatchObject({
      name: "InputInvalid",
      message: "detail.EventID: missing; detail.SourceIdentifier: missing",
    });
    await app.client(LambdaClient).send(
      new InvokeCommand({
        FunctionName: app.resource("StartStopping"),
        InvocationType: "Event",
        Payload: '{"source":"aws.rds"}',
      }),
    );
    await app.settle();
    const { Messages } = await app
      .client(SQSClient)
      .send(new ReceiveMessageCommand({ QueueUrl: app.resource("DeadLetters") }));
    expect(JSON.parse(Messages?.[0]?.Body ?? "{}")).toMatchObject({
      requestPayload: { source: "aws.rds" },
      responsePayload: { errorType: "InputInvalid" },
    });
  });
});

describe("options", () => {
  it("takes a snapshot before each stop where it is asked to", async () => {
    await start({ SnapshotOnStop: "true" });
    await stoppedInstance("orders");
    await week();
    const { DBSnapshots = [] } = await rds.send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: "orders" }));
    expect(DBSnapshots).toHaveLength(1);
  });

  it("may not stop a database that lost its tag, whatever it is asked for", async () => {
    await start();
    await stoppedInstance("orders", { Tags: [] });
    await rds.send(
      new AddTagsToResourceCommand({
        ResourceName: app.cloud.arn("rds", "db:orders"),
        Tags: [{ Key: "auto-restart-protection", Value: "no" }],
      }),
    );
    await expect(app.invoke("StopDatabase", { kind: "instance", id: "orders", execution: "e-1" })).rejects.toThrow(
      /not authorized to perform: rds:StopDBInstance/,
    );
  });
});
