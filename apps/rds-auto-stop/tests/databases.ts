/** Databases that are protected, and what RDS tells when it has started one. */
import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import type { App } from "#local/testing";

export const PROTECTED = [{ Key: "auto-restart-protection", Value: "yes" }];

export const createInstance = (app: App, DBInstanceIdentifier: string, more: object = {}) =>
  app.client(RDSClient).send(
    new CreateDBInstanceCommand({
      DBInstanceIdentifier,
      DBInstanceClass: "db.t4g.micro",
      Engine: "postgres",
      Tags: PROTECTED,
      ...more,
    }),
  );

export const createCluster = (app: App, DBClusterIdentifier: string) =>
  app
    .client(RDSClient)
    .send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine: "aurora-postgresql", Tags: PROTECTED }));

export async function statusOfInstance(app: App, DBInstanceIdentifier: string): Promise<string | undefined> {
  const { DBInstances } = await app.client(RDSClient).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
  return DBInstances?.[0]?.DBInstanceStatus;
}

export async function statusOfCluster(app: App, DBClusterIdentifier: string): Promise<string | undefined> {
  const { DBClusters } = await app.client(RDSClient).send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
  return DBClusters?.[0]?.Status;
}

/** The event, with an id of its own, that a database was started because it had been stopped for seven days. */
export const startOf = (kind: "instance" | "cluster", database: string, id = database) => ({
  version: "0",
  id,
  source: "aws.rds",
  "detail-type": kind === "cluster" ? "RDS DB Cluster Event" : "RDS DB Instance Event",
  account: "123456789012",
  time: "2030-01-07T12:00:00Z",
  region: "us-east-1",
  resources: [],
  detail: {
    EventID: kind === "cluster" ? "RDS-EVENT-0153" : "RDS-EVENT-0154",
    SourceIdentifier: database,
    SourceType: kind === "cluster" ? "CLUSTER" : "DB_INSTANCE",
    Message: "m",
  },
});
