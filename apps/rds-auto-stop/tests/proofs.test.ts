import {
  CreateDBClusterCommand,
  CreateDBInstanceCommand,
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  DescribeDBClustersCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StartDBClusterCommand,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";

const Tags = [{ Key: "auto-restart-protection", Value: "yes" }];

/** What RDS tells when it has started a database after seven days. */
const started = (id: string, EventID: string, SourceType: string) => ({
  id,
  source: "aws.rds",
  detail: { EventID, SourceIdentifier: id, SourceType, Message: "m" },
});

proofs("rds-auto-stop", {
  parameters: { AdministratorEmail: "dba@example.com", SnapshotOnStop: "true" },
  uses: {
    "an instance is stopped again": async (app, id) => {
      const rds = app.client(RDSClient);
      const DBInstanceIdentifier = id;
      await rds.send(
        new CreateDBInstanceCommand({
          DBInstanceIdentifier,
          DBInstanceClass: "db.t4g.micro",
          Engine: "postgres",
          Tags,
        }),
      );
      await app.settle();
      await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
      await app.settle();
      await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
      await app.invoke("StartStopping", started(id, "RDS-EVENT-0154", "DB_INSTANCE"));
      await app.settle();
      const { DBInstances } = await rds.send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }));
      // Else it would be started again after a week, in one of the uses that follow.
      await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
      expect(DBInstances?.[0]?.DBInstanceStatus).toBe("stopped");
      expect(app.outbox.map(({ subject }) => subject)).toContain(`Stopped again: ${id}`);
    },
    "a cluster is stopped again": async (app, id) => {
      const rds = app.client(RDSClient);
      const DBClusterIdentifier = id;
      await rds.send(new CreateDBClusterCommand({ DBClusterIdentifier, Engine: "aurora-postgresql", Tags }));
      await app.settle();
      await rds.send(new StopDBClusterCommand({ DBClusterIdentifier }));
      await app.settle();
      await rds.send(new StartDBClusterCommand({ DBClusterIdentifier }));
      await app.invoke("StartStopping", started(id, "RDS-EVENT-0153", "CLUSTER"));
      await app.settle();
      const { DBClusters } = await rds.send(new DescribeDBClustersCommand({ DBClusterIdentifier }));
      await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
      expect(DBClusters?.[0]?.Status).toBe("stopped");
      expect(app.outbox.map(({ subject }) => subject)).toContain(`Stopped again: ${id}`);
    },
    "an event that is none is put aside": async (app, id) => {
      const event = { FunctionName: app.resource("StartStopping"), Payload: JSON.stringify({ id }) };
      await app.client(LambdaClient).send(new InvokeCommand({ ...event, InvocationType: "Event" }));
      await app.settle();
      const bodies = (await app.messages("DeadLetters")).map(({ Body = "" }) => JSON.parse(Body).requestPayload);
      expect(bodies).toContainEqual({ id });
    },
  },
});
