import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StartDBInstanceCommand,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import type { LocalApp } from "../../../local/testing.ts";
import type { Feed } from "../feed.ts";

const DBInstanceIdentifier = "ledger";
/** Hours after which the database was not stopped again. */
const missed: string[] = [];

const statusOf = async (app: LocalApp): Promise<string | undefined> =>
  (await app.client(RDSClient).send(new DescribeDBInstancesCommand({ DBInstanceIdentifier }))).DBInstances?.[0]
    ?.DBInstanceStatus;

const eventOf = (hour: number): string => `ledger-started-${hour}`;

export const rdsAutoStop: Feed = {
  app: "rds-auto-stop",
  parameters: { AdministratorEmail: "dba@example.com" },
  async begin(app) {
    missed.length = 0;
    const rds = app.client(RDSClient);
    const Tags = [{ Key: "auto-restart-protection", Value: "yes" }];
    const kind = { DBInstanceClass: "db.t4g.micro", Engine: "postgres" };
    await rds.send(new CreateDBInstanceCommand({ DBInstanceIdentifier, ...kind, Tags }));
    await app.settle();
    await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier }));
    await app.settle();
  },
  /** RDS starts the database, as it does after seven days, and says so. */
  async hour(app, hour) {
    if ((await statusOf(app)) !== "stopped") return void missed.push(eventOf(hour - 1));
    await app.client(RDSClient).send(new StartDBInstanceCommand({ DBInstanceIdentifier }));
    const detail = {
      EventID: "RDS-EVENT-0154",
      SourceIdentifier: DBInstanceIdentifier,
      SourceType: "DB_INSTANCE",
      Message: "m",
    };
    const Payload = JSON.stringify({ id: eventOf(hour), source: "aws.rds", detail });
    const call = { FunctionName: app.resource("StartStopping"), InvocationType: "Event" as const, Payload };
    await app.client(LambdaClient).send(new InvokeCommand(call));
  },
  async undone(app, hours) {
    return (await statusOf(app)) === "stopped" ? missed : [...missed, eventOf(hours - 1)];
  },
};
