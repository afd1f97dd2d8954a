/** A stopped database is started by AWS after seven days, and stopped again by the app; one without the tag keeps running. */
import {
  CreateDBInstanceCommand,
  DescribeDBInstancesCommand,
  RDSClient,
  StopDBInstanceCommand,
} from "@aws-sdk/client-rds";
import type { Demo } from "#local/testing";

const DAY_SECONDS = 86_400;

const demo: Demo = async (stage) => {
  const { app } = stage;
  const rds = app.client(RDSClient);
  const statuses = async () => {
    const { DBInstances = [] } = await rds.send(new DescribeDBInstancesCommand({}));
    return DBInstances.map(
      ({ DBInstanceIdentifier = "", DBInstanceStatus = "" }) => [DBInstanceIdentifier, DBInstanceStatus] as const,
    );
  };
  const show = async (when: string) => {
    const lines = (await statuses()).map(
      ([id, status]) => `${id.padEnd(10)} ${stage.paint(status === "stopped" ? "green" : "yellow", status)}`,
    );
    stage.result(when, lines);
  };

  stage.input("two stopped databases", ["orders     tagged auto-restart-protection=yes", "reports    without the tag"]);
  for (const [id, Tags] of [
    ["orders", [{ Key: "auto-restart-protection", Value: "yes" }]],
    ["reports", []],
  ] as const) {
    await rds.send(
      new CreateDBInstanceCommand({
        DBInstanceIdentifier: id,
        DBInstanceClass: "db.t4g.micro",
        Engine: "postgres",
        Tags: [...Tags],
      }),
    );
  }
  await app.settle();
  for (const id of ["orders", "reports"]) await rds.send(new StopDBInstanceCommand({ DBInstanceIdentifier: id }));
  await app.settle();
  await show("on the first day");

  stage.progress("seven days pass");
  await app.advance(7 * DAY_SECONDS);
  await show("seven days later, AWS starts both");
  await app.settle();
  await stage.path();
  await show("and a little later");
  for (const { to, subject, text } of app.outbox) stage.result(`mail to ${to.join(", ")}: ${subject}`, text ?? "");
  const final = Object.fromEntries(await statuses());
  stage.check(
    "the protected database is stopped again, the other one runs",
    final["orders"] === "stopped" && final["reports"] === "available",
  );
};

export const parameters = { AdministratorEmail: "dba@example.com" };
export default demo;
