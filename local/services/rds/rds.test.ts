import {
  AddTagsToResourceCommand,
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  CreateDBInstanceReadReplicaCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  DescribeEventsCommand,
  RDSClient,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;

let cloud: TestCloud;
let rds: RDSClient;
beforeEach(async () => {
  cloud = await testCloud();
  rds = cloud.client(RDSClient);
});
afterEach(() => cloud.stop());

const create = (id: string, more: object = {}) =>
  rds.send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier: id,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      ...more,
    }),
  );
const instance = async (id: string) =>
  (await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier: id }))).DBInstances?.[0];
const status = async (id: string) => (await instance(id))?.DBInstanceStatus;

describe("an instance", () => {
  it("becomes available, stops and starts, each in its time", async () => {
    await create("orders");
    expect(await status("orders")).toBe("creating");
    await cloud.clock.settle();
    expect(await status("orders")).toBe("available");
    await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "orders" }));
    await cloud.clock.advance(MINUTE);
    expect(await status("orders")).toBe("stopping");
    await cloud.clock.settle();
    expect(await status("orders")).toBe("stopped");
    await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier: "orders" }));
    await cloud.clock.settle();
    expect(await status("orders")).toBe("available");
  });

  it("is started by AWS seven days after it stopped, with event 0154", async () => {
    const { QueueUrl = "" } = await cloud.client(SQSClient).send(
      new CreateQueueCommand({
        QueueName: "q",
        Attributes: {
          Policy: JSON.stringify({
            Statement: [
              {
                Effect: "Allow",
                Principal: { Service: "events.amazonaws.com" },
                Action: "sqs:SendMessage",
                Resource: cloud.arn("sqs", "q"),
              },
            ],
          }),
        },
      }),
    );
    const events = cloud.client(EventBridgeClient);
    await events.send(
      new PutRuleCommand({
        Name: "r",
        EventPattern: JSON.stringify({ source: ["aws.rds"], detail: { EventID: ["RDS-EVENT-0154"] } }),
      }),
    );
    await events.send(new PutTargetsCommand({ Rule: "r", Targets: [{ Id: "t", Arn: cloud.arn("sqs", "q") }] }));
    await create("orders");
    await cloud.clock.settle();
    await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "orders" }));
    await cloud.clock.settle();
    expect((await instance("orders"))?.AutomaticRestartTime?.getTime()).toBe(cloud.clock.now() + 7 * DAY);
    await cloud.clock.advance(7 * DAY - MINUTE);
    expect(await status("orders")).toBe("stopped");
    await cloud.clock.advance(2 * MINUTE);
    expect(await status("orders")).toBe("starting");
    const { Messages } = await cloud.client(SQSClient).send(new ReceiveMessageCommand({ QueueUrl }));
    expect(JSON.parse(Messages?.[0]?.Body ?? "{}")).toMatchObject({
      "detail-type": "RDS DB Instance Event",
      resources: [cloud.arn("rds", "db:orders")],
      detail: {
        EventID: "RDS-EVENT-0154",
        SourceIdentifier: "orders",
        SourceType: "DB_INSTANCE",
        EventCategories: ["notification"],
      },
    });
  });

  it("refuses to be stopped when it is not available", async () => {
    await create("orders");
    await expect(rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: "orders" }))).rejects.toMatchObject({
      name: "InvalidDBInstanceStateFault",
      message: "Instance orders is not in available state.",
    });
  });

  it.each([
    ["a member of a cluster", "member", "aurora DB instances are not eligible for stopping or starting."],
    ["a read replica", "replica", "read replica"],
    ["a source of read replicas", "source", "read replica"],
    ["a mirrored SQL Server", "mirrored", "SQLServer MultiAz"],
  ])("refuses to be stopped as %s", async (_name, id, message) => {
    await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier: "c", Engine: "aurora-postgresql" }));
    await create("member", { DBClusterIdentifier: "c", Engine: "aurora-postgresql" });
    await create("source");
    await create("mirrored", { Engine: "sqlserver-se", MultiAZ: true });
    await cloud.clock.settle();
    await rds.send(
      new CreateDBInstanceReadReplicaCommand({ DBInstanceIdentifier: "replica", SourceDBInstanceIdentifier: "source" }),
    );
    await cloud.clock.settle();
    await expect(rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }))).rejects.toThrow(message);
  });

  it("is not found by another name, and names must be well formed", async () => {
    await expect(instance("nobody")).rejects.toMatchObject({
      name: "DBInstanceNotFoundFault",
      message: "DBInstance nobody not found.",
    });
    await expect(create("1st")).rejects.toThrow("not a valid identifier");
    await expect(create("a--b")).rejects.toThrow("not a valid identifier");
  });

  it("carries tags that can be changed", async () => {
    await create("orders", { Tags: [{ Key: "a", Value: "1" }] });
    await rds.send(
      new AddTagsToResourceCommand({ ResourceName: cloud.arn("rds", "db:orders"), Tags: [{ Key: "b", Value: "2" }] }),
    );
    expect((await instance("orders"))?.TagList).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
  });

  it("is listed page by page", async () => {
    for (let index = 0; index < 25; index++) await create(`db-${index}`);
    const first = await rds.send(new DescribeDBInstancesCommand({ MaxRecords: 20 }));
    const second = await rds.send(new DescribeDBInstancesCommand({ MaxRecords: 20, Marker: first.Marker }));
    expect([first.DBInstances?.length, second.DBInstances?.length, second.Marker]).toEqual([20, 5, undefined]);
  });
});

describe("a cluster", () => {
  it("is deleted once its members are being deleted, not before", async () => {
    await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier: "c", Engine: "aurora-postgresql" }));
    await create("member", { DBClusterIdentifier: "c", Engine: "aurora-postgresql" });
    await cloud.clock.settle();
    const remove = () => rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier: "c", SkipFinalSnapshot: true }));
    await expect(remove()).rejects.toThrow("it still contains DB instances in non-deleting state");
    await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier: "member", SkipFinalSnapshot: true }));
    await remove();
    await cloud.clock.settle();
    expect((await rds.send(new DescribeDBClustersCommand({}))).DBClusters).toEqual([]);
  });

  it("stops with its members and is started by AWS with event 0153", async () => {
    await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier: "c", Engine: "aurora-postgresql" }));
    await create("member", { DBClusterIdentifier: "c", Engine: "aurora-postgresql" });
    await cloud.clock.settle();
    await rds.send(new StopDBClusterCommand({ DBClusterIdentifier: "c" }));
    await cloud.clock.settle();
    expect(await status("member")).toBe("stopped");
    await cloud.clock.advance(7 * DAY + MINUTE);
    const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier: "c" }));
    expect([DBClusters?.[0]?.Status, await status("member")]).toEqual(["starting", "starting"]);
    const { Events = [] } = await rds.send(new DescribeEventsCommand({ SourceIdentifier: "c", Duration: 10 }));
    expect(Events.map(({ Message }) => Message)).toEqual([
      "DB cluster is being started due to it exceeding the maximum allowed time being stopped.",
    ]);
  });
});
