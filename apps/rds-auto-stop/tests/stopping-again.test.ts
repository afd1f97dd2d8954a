import {
  AddTagsToResourceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeDBSnapshotsCommand,
  RDSClient,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { DescribeExecutionCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { deploy, type FaultHandle, type LocalApp } from "#local/testing";
import { createCluster, createInstance, PROTECTED, startOf, statusOfInstance } from "./databases.ts";

const DAY = 86_400;
const AdministratorEmail = "dba@example.com";

let app: LocalApp;
let rds: RDSClient;
beforeAll(async () => {
  // Few checks: a database that never settles is soon given up.
  app = await deploy("rds-auto-stop", { parameters: { AdministratorEmail, MaximumChecks: "8" } });
  rds = app.client(RDSClient);
});
afterAll(() => app[Symbol.asyncDispose]());

/** Else AWS would start them after a week, in the tests that follow. */
async function deleteDatabases(): Promise<void> {
  const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
  for (const { DBInstanceIdentifier } of DBInstances)
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
  const { DBClusters = [] } = await rds.send(new DescribeDBClustersCommand({}));
  for (const { DBClusterIdentifier } of DBClusters)
    await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
  await app.settle();
}

/** A database that somebody has stopped. */
async function stoppedInstance(id: string, more: object = {}, on = app): Promise<void> {
  await createInstance(on, id, more);
  await on.settle();
  await on.client(RDSClient).send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }));
  await on.settle();
}
/** A cluster with one member, stopped as well. */
async function stoppedCluster(id: string, member: string): Promise<void> {
  await createCluster(app, id);
  const inCluster = { DBClusterIdentifier: id, Engine: "aurora-postgresql", DBInstanceClass: "db.t4g.medium" };
  await createInstance(app, member, inCluster);
  await app.settle();
  await rds.send(new StopDBClusterCommand({ DBClusterIdentifier: id }));
  await app.settle();
}
const statusOf = (id: string) => statusOfInstance(app, id);

/** Those that were started for one database. */
async function executionsOf(id: string) {
  const sfn = app.client(SFNClient);
  const { executions = [] } = await sfn.send(
    new ListExecutionsCommand({ stateMachineArn: app.resource("StopDatabaseAgain") }),
  );
  const described = executions.map(({ executionArn }) => sfn.send(new DescribeExecutionCommand({ executionArn })));
  return (await Promise.all(described)).filter(({ input = "{}" }) => (JSON.parse(input) as { id: string }).id === id);
}
/** Seven days pass, AWS starts what is stopped, and everything that follows happens. */
const week = async (on = app) => {
  await on.advance(7 * DAY);
  await on.settle();
};
const mails = (from = 0) => app.outbox.slice(from).map(({ subject, text }) => `${subject}: ${text}`);
const mailsOf = (id: string) => mails().filter((mail) => mail.split(": ")[1] === id);

/** What AWS does after seven days: it starts the database, and tells of it. */
async function startedByAws(id: string): Promise<void> {
  await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: id }));
  await app.invoke("StartStopping", startOf("instance", id, `start-of-${id}`));
}

// They share their week: each is another database, and was stopped some minutes after the one before it.
describe("seven days later", () => {
  const UNPROTECTED = [
    ["an instance without the tag", "untagged", []],
    ["an instance with another value", "yesterday", [{ Key: "auto-restart-protection", Value: "yesterday" }]],
    ["a paused instance", "paused", [...PROTECTED, { Key: "auto-restart-protection-paused", Value: "yes" }]],
  ] as const;
  const THROTTLED = [
    ["RetrieveState", "DescribeDBInstances"],
    ["StopDatabase", "StopDBInstance"],
    ["StartStopping", "DescribeDBInstances"],
  ] as const;
  const throttlings = new Map<string, FaultHandle>();
  let mailsBefore: number;

  beforeAll(async () => {
    mailsBefore = app.outbox.length;
    await stoppedInstance("orders");
    await stoppedInstance("restless");
    app.cloud.faults.add({
      service: "rds",
      operation: "StopDBInstance",
      matching: "restless",
      error: { name: "InvalidDBInstanceState", message: "Instance restless is not in available state." },
      times: 3,
      role: "StopDatabase",
    });
    for (const [, id, Tags] of UNPROTECTED) await stoppedInstance(id, { Tags });
    await stoppedCluster("cluster", "member");
    for (const [role, operation] of THROTTLED) {
      const matching = `throttled-${role}`.toLowerCase();
      await stoppedInstance(matching);
      const throttling = { service: "rds", operation, error: "throttle", times: 12, role, matching } as const;
      throttlings.set(role, app.cloud.faults.add(throttling));
    }
    await week();
  });
  afterAll(deleteDatabases);

  it("a protected instance, which AWS has started, is stopped again, and the administrator is told", async () => {
    expect(await statusOf("orders")).toBe("stopped");
    expect((await executionsOf("orders")).map(({ status }) => status)).toEqual(["SUCCEEDED"]);
    expect(mailsOf("orders")).toEqual([
      expect.stringMatching(
        /^Stopped again: orders: .*Your instance orders was started by AWS after seven days and has been stopped again/s,
      ),
    ]);
    expect(mails(mailsBefore).filter((mail) => mail.startsWith("ALARM"))).toEqual([]);
  });

  it("one that starts once more while it is watched is stopped again", async () => {
    expect(await statusOf("restless")).toBe("stopped");
    expect(mailsOf("restless")[0]).toContain("Stopped again");
  });

  it.each(UNPROTECTED)("%s is left alone", async (_name, id) => {
    expect(await statusOf(id)).toBe("available");
    expect(await executionsOf(id)).toEqual([]);
  });

  it("an Aurora cluster is stopped as a whole; its members are never stopped one by one", async () => {
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "cluster" }));
    expect(DBClusters?.[0]?.Status).toBe("stopped");
    expect(await app.invoke("StartStopping", startOf("instance", "member", "e-2"))).toEqual({ statusCode: 200 });
    expect(await executionsOf("cluster")).toHaveLength(1);
    expect(await executionsOf("member")).toEqual([]);
  });

  it.each(THROTTLED)("nobody sees that %s was throttled in %s", async (role) => {
    expect(throttlings.get(role)?.hits).toBe(12);
    expect(await statusOf(`throttled-${role}`.toLowerCase())).toBe("stopped");
  });
});

describe("a protected instance", () => {
  afterEach(deleteDatabases);

  it("is stopped every seven days for months", async () => {
    await stoppedInstance("months");
    for (let weeks = 0; weeks < 6; weeks++) await week();
    expect(await statusOf("months")).toBe("stopped");
    expect(await executionsOf("months")).toHaveLength(6);
  });

  it("needs no stop when somebody else was quicker, and the administrator hears so", async () => {
    await stoppedInstance("stopped-before");
    await app.invoke("StartStopping", startOf("instance", "stopped-before", "e-1"));
    await app.settle();
    expect(mailsOf("stopped-before")[0]).toContain("was already stopped");
  });

  it("starts one execution, however often its event comes", async () => {
    await stoppedInstance("told-thrice");
    const once = startOf("instance", "told-thrice", "e-3");
    await Promise.all([app.invoke("StartStopping", once), app.invoke("StartStopping", once)]);
    await app.settle();
    await app.invoke("StartStopping", once);
    await app.settle();
    expect((await executionsOf("told-thrice")).map(({ name }) => name)).toEqual(["e-3"]);
    expect(mailsOf("told-thrice")).toHaveLength(1);
  });
});

it("events of other kinds are left alone, with the answer that nothing was to be done", async () => {
  const { detail, ...event } = startOf("instance", "other-kind", "e-88");
  const ordinary = { ...event, detail: { ...detail, EventID: "RDS-EVENT-0088" } };
  expect(await app.invoke("StartStopping", ordinary)).toEqual({ statusCode: 200 });
  const lines = await app.logs("StartStopping");
  expect(lines.map(({ json }) => json)).toContainEqual(
    expect.objectContaining({ message: "not eligible", database: "other-kind" }),
  );
});

describe("failure", () => {
  afterEach(deleteDatabases);

  it("is announced when the database was deleted meanwhile", async () => {
    await stoppedInstance("deleted");
    await startedByAws("deleted");
    await app.advance(60);
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "deleted", SkipFinalSnapshot: true }));
    await app.settle();
    expect((await executionsOf("deleted"))[0]?.status).toBe("FAILED");
    expect(mailsOf("deleted")).toEqual([expect.stringMatching(/^NOT stopped: .*no waiting mends/s)]);
  });

  it("is announced when it cannot be stopped, because it has a read replica", async () => {
    // An alarm of another failure is over.
    await app.advance(900);
    const before = app.outbox.length;
    await createInstance(app, "original");
    await app.settle();
    await rds.send(
      new CreateDBInstanceReadReplicaCommand({ DBInstanceIdentifier: "copy", SourceDBInstanceIdentifier: "original" }),
    );
    await app.invoke("StartStopping", startOf("instance", "original", "e-9"));
    await app.settle();
    expect((await executionsOf("original"))[0]?.status).toBe("FAILED");
    const [notice, alarm] = mails(before);
    expect(notice).toMatch(
      /^NOT stopped: original.*DatabaseNotStoppable: The instance original cannot be stopped: [^{]*$/s,
    );
    expect(alarm).toMatch(/^ALARM: .*FailedExecutionsAlarm/);
  });

  it("is announced at once when the app is denied what it needs, which no trying mends", async () => {
    await stoppedInstance("denied");
    const error = { name: "AccessDenied", message: "Denied", status: 403 };
    const denial = app.cloud.faults.add({ service: "rds", error, role: "RetrieveState" });
    await startedByAws("denied");
    await app.settle();
    denial.remove();
    expect(mailsOf("denied")).toEqual([expect.stringMatching(/^NOT stopped: .*AccessDenied: Denied/s)]);
    expect(denial.hits).toBe(1);
  });

  it("is announced after the last check of a database that never settles", async () => {
    await stoppedInstance("unsettled");
    await startedByAws("unsettled");
    const instances = app.cloud.storage.map<{ status: string; next?: unknown }>("rds.instances");
    const instance = instances.get("unsettled");
    if (instance) instances.set("unsettled", { ...instance, status: "modifying", next: undefined });
    await app.settle();
    expect(mailsOf("unsettled")).toEqual([expect.stringContaining("after 8 checks its status is still modifying")]);
    expect((await executionsOf("unsettled"))[0]?.status).toBe("FAILED");
  });

  it("of an event that cannot be understood ends in the dead-letter queue with its reason", async () => {
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
    const [message] = await app.messages("DeadLetters");
    expect(JSON.parse(message?.Body ?? "{}")).toMatchObject({
      requestPayload: { source: "aws.rds" },
      responsePayload: { errorType: "InputInvalid" },
    });
  });
});

describe("options", () => {
  it("takes a snapshot before each stop where it is asked to", async () => {
    await using own = await deploy("rds-auto-stop", { parameters: { AdministratorEmail, SnapshotOnStop: "true" } });
    await stoppedInstance("orders", {}, own);
    await week(own);
    const request = new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: "orders" });
    expect((await own.client(RDSClient).send(request)).DBSnapshots).toHaveLength(1);
  });

  it("may not stop a database that lost its tag, whatever it is asked for", async () => {
    await stoppedInstance("tagless", { Tags: [] });
    await rds.send(
      new AddTagsToResourceCommand({
        ResourceName: app.cloud.arn("rds", "db:tagless"),
        Tags: [{ Key: "auto-restart-protection", Value: "no" }],
      }),
    );
    await expect(app.invoke("StopDatabase", { kind: "instance", id: "tagless", execution: "e-1" })).rejects.toThrow(
      /not authorized to perform: rds:StopDBInstance/,
    );
    await deleteDatabases();
  });
});
