import {
  DeleteDBClusterCommand,
  DeleteDBInstanceCommand,
  RDSClient,
  StartDBClusterCommand,
  StartDBInstanceCommand,
  StopDBClusterCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { createCluster, createInstance, startOf, statusOfCluster, statusOfInstance } from "./databases.ts";

proofs("rds-auto-stop", {
  parameters: { AdministratorEmail: "dba@example.com", SnapshotOnStop: "true" },
  uses: {
    "an instance is stopped again": async (app, id) => {
      const rds = app.client(RDSClient);
      const DBInstanceIdentifier = id;
      await createInstance(app, id);
      await app.settle();
      await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
      await app.settle();
      await rds.send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
      await app.invoke("StartStopping", startOf("instance", id));
      await app.settle();
      const status = await statusOfInstance(app, id);
      // Else it would be started again after a week, in one of the uses that follow.
      await rds.send(new DeleteDBInstanceCommand({ DBInstanceIdentifier, SkipFinalSnapshot: true }));
      expect(status).toBe("stopped");
      expect(app.outbox.map(({ subject }) => subject)).toContain(`Stopped again: ${id}`);
    },
    "a cluster is stopped again": async (app, id) => {
      const rds = app.client(RDSClient);
      const DBClusterIdentifier = id;
      await createCluster(app, id);
      await app.settle();
      await rds.send(new StopDBClusterCommand({ DBClusterIdentifier }));
      await app.settle();
      await rds.send(new StartDBClusterCommand({ DBClusterIdentifier }));
      await app.invoke("StartStopping", startOf("cluster", id));
      await app.settle();
      const status = await statusOfCluster(app, id);
      await rds.send(new DeleteDBClusterCommand({ DBClusterIdentifier, SkipFinalSnapshot: true }));
      expect(status).toBe("stopped");
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
