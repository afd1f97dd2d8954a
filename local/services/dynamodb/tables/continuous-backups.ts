/** Whether a table could be brought back to an earlier moment. The setting is kept; restoring is not there. */
import type { ContinuousBackupsDescription } from "@aws-sdk/client-dynamodb";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints, required } from "../../constraints.ts";
import type { DynamoDB, Tables } from "../store.ts";
import type { Table } from "./table.ts";

const DAY = 24 * 60 * 60 * 1000;
const LONGEST = 35;
/** "LatestRestorableDateTime is typically 5 minutes before the current time." */
const LAG = 5 * 60 * 1000;

export const updateContinuousBackups =
  (tables: Tables): Handler<DynamoDB, "UpdateContinuousBackups"> =>
  (input) => {
    const specification = required("pointInTimeRecoverySpecification", input.PointInTimeRecoverySpecification);
    const { PointInTimeRecoveryEnabled: isEnabled, RecoveryPeriodInDays: days } = specification;
    new Constraints()
      .present("pointInTimeRecoverySpecification.pointInTimeRecoveryEnabled", isEnabled)
      .number("pointInTimeRecoverySpecification.recoveryPeriodInDays", days, { min: 1, max: LONGEST })
      .check();
    if (!isEnabled && days !== undefined) {
      throw new ServiceError(
        "ValidationException",
        "Invalid Request: Cannot specify RecoveryPeriodInDays when disabling point-in-time recovery.",
      );
    }
    const table = backedUp(tables, input.TableName);
    setRecovery(tables, table, isEnabled ?? false, days);
    return { ContinuousBackupsDescription: describeRecovery(table) };
  };

export const describeContinuousBackups =
  (tables: Tables): Handler<DynamoDB, "DescribeContinuousBackups"> =>
  (input) => ({ ContinuousBackupsDescription: describeRecovery(backedUp(tables, input.TableName)) });

export function setRecovery(tables: Tables, table: Table, isEnabled: boolean, days: number | undefined): void {
  const since = table.record.recoverableSince ?? tables.cloud.clock.now();
  tables.update(table, { recoverableSince: isEnabled ? since : undefined, recoveryDays: isEnabled ? days : undefined });
}

function backedUp(tables: Tables, name: string | undefined): Table {
  const table = tables.find(required("tableName", name));
  if (table) return table;
  throw new ServiceError("TableNotFoundException", `Table not found: ${name ?? ""}`);
}

function describeRecovery({ record, cloud }: Table): ContinuousBackupsDescription {
  const { recoverableSince: since, recoveryDays: days = LONGEST } = record;
  if (since === undefined) {
    return {
      ContinuousBackupsStatus: "ENABLED",
      PointInTimeRecoveryDescription: { PointInTimeRecoveryStatus: "DISABLED" },
    };
  }
  const now = cloud.clock.now();
  return {
    ContinuousBackupsStatus: "ENABLED",
    PointInTimeRecoveryDescription: {
      PointInTimeRecoveryStatus: "ENABLED",
      RecoveryPeriodInDays: days,
      EarliestRestorableDateTime: new Date(Math.max(since, now - days * DAY)),
      LatestRestorableDateTime: new Date(Math.max(since, now - LAG)),
    },
  };
}
