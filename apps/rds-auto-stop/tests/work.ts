import {
  CreateDBInstanceReadReplicaCommand,
  DBClusterAlreadyExistsFault,
  DBInstanceAlreadyExistsFault,
  DescribeDBSnapshotsCommand,
  RDSClient,
} from "@aws-sdk/client-rds";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Work } from "#local/testing/work";
import { createCluster, createInstance, startOf, statusOfCluster, statusOfInstance } from "./databases.ts";

/** Handed over as a rule does it: nobody waits for an answer. The database is starting, or has just started. */
const announce = (app: LocalApp, kind: "instance" | "cluster", database: string) =>
  app.client(LambdaClient).send(
    new InvokeCommand({
      FunctionName: app.resource("StartStopping"),
      InvocationType: "Event",
      Payload: JSON.stringify(startOf(kind, database)),
    }),
  );

/** A step that is done again finds its database. */
async function once(creation: Promise<unknown>): Promise<void> {
  await creation.catch((error: unknown) => {
    if (!(error instanceof DBInstanceAlreadyExistsFault || error instanceof DBClusterAlreadyExistsFault)) throw error;
  });
}

/** `Stopped again` or `NOT stopped`, with its text, for each notice about a database. A notice with a lost answer comes twice. */
const noticesOf = (app: LocalApp, database: string): readonly { readonly what: string; readonly text: string }[] =>
  app.outbox.flatMap(({ subject = "", text = "" }) => {
    const [what = "", about] = subject.split(": ");
    return about === database ? [{ what, text }] : [];
  });

const kindsOf = (app: LocalApp, database: string): ReadonlySet<string> =>
  new Set(noticesOf(app, database).map(({ what }) => what));

/** A notice says no more than what is true. */
async function checkNotices(
  app: LocalApp,
  database: string,
  statusOf: (app: LocalApp, database: string) => Promise<string | undefined>,
): Promise<void> {
  const kinds = kindsOf(app, database);
  expect(kinds).not.toContain("NOT stopped");
  if (kinds.has("Stopped again")) expect(await statusOf(app, database)).toBe("stopped");
}

const instanceOf = (id: string): string => `instance-${id}`;
const clusterOf = (id: string): string => `cluster-${id}`;
const originalOf = (id: string): string => `original-${id}`;

export const work: Work = {
  parameters: { AdministratorEmail: "dba@example.com", SnapshotOnStop: "true" },
  tasks: {
    "an instance that AWS has started is stopped again, with a snapshot": {
      steps: [
        async (app, id) => {
          await once(createInstance(app, instanceOf(id)));
          await announce(app, "instance", instanceOf(id));
        },
      ],
      sound: (app, id) => checkNotices(app, instanceOf(id), statusOfInstance),
      async done(app, id) {
        // Nobody else stops it.
        expect(await statusOfInstance(app, instanceOf(id))).toBe("stopped");
        expect(kindsOf(app, instanceOf(id))).toEqual(new Set(["Stopped again"]));
        const { DBSnapshots } = await app
          .client(RDSClient)
          .send(new DescribeDBSnapshotsCommand({ DBInstanceIdentifier: instanceOf(id) }));
        expect(DBSnapshots).toHaveLength(1);
      },
    },
    "a cluster that AWS has started is stopped again": {
      steps: [
        async (app, id) => {
          await once(createCluster(app, clusterOf(id)));
          await announce(app, "cluster", clusterOf(id));
        },
      ],
      sound: (app, id) => checkNotices(app, clusterOf(id), statusOfCluster),
      async done(app, id) {
        expect(await statusOfCluster(app, clusterOf(id))).toBe("stopped");
        expect(kindsOf(app, clusterOf(id))).toEqual(new Set(["Stopped again"]));
      },
    },
    "of an instance that cannot be stopped, for it has a replica, the administrator hears": {
      steps: [
        async (app, id) => once(createInstance(app, originalOf(id))),
        async (app, id) => {
          await once(
            app.client(RDSClient).send(
              new CreateDBInstanceReadReplicaCommand({
                DBInstanceIdentifier: `copy-${id}`,
                SourceDBInstanceIdentifier: originalOf(id),
              }),
            ),
          );
          await announce(app, "instance", originalOf(id));
        },
      ],
      async sound(app, id) {
        // For this reason and no other: that RDS did not answer for a while is none.
        for (const notice of noticesOf(app, originalOf(id)))
          expect(notice).toEqual({ what: "NOT stopped", text: expect.stringContaining("DatabaseNotStoppable") });
      },
      async done(app, id) {
        expect(await statusOfInstance(app, originalOf(id))).toBe("available");
        expect(kindsOf(app, originalOf(id))).toEqual(new Set(["NOT stopped"]));
      },
    },
  },
};
