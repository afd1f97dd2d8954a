/** SQL by the Data API: no connection, no driver, no network of one's own. */
import { ExecuteStatementCommand, type Field, type SqlParameter } from "@aws-sdk/client-rds-data";
import { setTimeout as pause } from "node:timers/promises";
import { rdsData } from "#shared/clients/rds-data";
import { env } from "#shared/environment";
import { logger } from "#shared/observability/logger";

const target = {
  resourceArn: env.text("CLUSTER_ARN"),
  secretArn: env.text("SECRET_ARN"),
  database: env.text("DATABASE"),
};

type Value = string | number;
export type Row = readonly (string | number | boolean | null)[];

const parameterOf = ([name, value]: [string, Value]): SqlParameter => ({
  name,
  value: typeof value === "string" ? { stringValue: value } : { longValue: value },
});

const valueOf = (field: Field): Row[number] =>
  field.isNull ? null : (field.stringValue ?? field.longValue ?? field.booleanValue ?? field.doubleValue ?? null);

/** A paused cluster (minimum capacity 0) takes about 15 seconds to come back, after a day 30 and more. */
const TRIES = 10;
const PAUSE_MS = 5_000;
const passing = new Set(["DatabaseResumingException", "DatabaseUnavailableException", "StatementTimeoutException"]);

/** Runs one statement. Every statement of this app may be run twice: an answer may get lost. */
export async function query(sql: string, values: Readonly<Record<string, Value>> = {}): Promise<readonly Row[]> {
  const command = new ExecuteStatementCommand({ ...target, sql, parameters: Object.entries(values).map(parameterOf) });
  for (let tries = 1; ; tries += 1) {
    try {
      const { records = [] } = await rdsData.send(command);
      return records.map((record) => record.map(valueOf));
    } catch (error) {
      if (!(error instanceof Error) || !passing.has(error.name) || tries === TRIES) throw error;
      logger.info("the database is not there yet", { reason: error.name, tries });
      await pause(PAUSE_MS);
    }
  }
}
