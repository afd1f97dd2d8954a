/** GetQueryResults: reads the CSV of a query back from S3 as the caller, page by page, the names of the columns first. */
import type { ColumnInfo } from "@aws-sdk/client-athena";
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Handler } from "../../core/service.ts";
import { readCsv } from "./query/csv.ts";
import { bytesOf, persistently, placeOf } from "./query/objects.ts";
import { type Athena, type Column, type Execution, executionNamed, invalidRequest } from "./store.ts";

const MOST_ROWS = 1_000;

export const getQueryResults =
  (cloud: Cloud): Handler<Athena, "GetQueryResults"> =>
  async ({ QueryExecutionId, NextToken: token, MaxResults: most = MOST_ROWS }, call) => {
    const execution = executionNamed(cloud, QueryExecutionId);
    if (most < 1 || most > MOST_ROWS) throw invalidRequest(`MaxResults must be between 1 and ${MOST_ROWS}`);
    const { state } = execution;
    if (state === "QUEUED" || state === "RUNNING")
      throw invalidRequest(`Query has not yet finished. Current state: ${state}`);
    if (state !== "SUCCEEDED") throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`);
    const start = token === undefined ? 0 : Number(Buffer.from(token, "base64url").toString());
    if (!Number.isInteger(start)) throw invalidRequest("Invalid NextToken");
    const rows = await rowsOf(cloud, execution, call.principal);
    const end = start + most;
    return {
      UpdateCount: 0,
      ResultSet: {
        Rows: rows.slice(start, end).map((row) => ({
          // A null has no value at all.
          Data: row.map((value) => (value === null ? {} : { VarCharValue: value })),
        })),
        ResultSetMetadata: { ColumnInfo: (execution.columns ?? []).map(columnInfo) },
      },
      ...(end < rows.length && { NextToken: Buffer.from(String(end)).toString("base64url") }),
    };
  };

async function rowsOf(cloud: Cloud, { outputLocation }: Execution, principal: Principal) {
  try {
    const { bucket, key } = placeOf(outputLocation);
    const found = await persistently(() => cloud.call("s3", "GetObject", { Bucket: bucket, Key: key }, principal));
    return readCsv((await bytesOf(found.Body)).toString());
  } catch (error) {
    if (!isServiceError(error)) throw error;
    if (error.name === "NoSuchKey" || error.name === "NoSuchBucket")
      throw invalidRequest(`Could not find results. Please check the result at ${outputLocation}`);
    if (error.name === "AccessDenied") throw new ServiceError("AccessDeniedException", error.message, { status: 400 });
    throw error;
  }
}

const columnInfo = ({ name, type }: Column): ColumnInfo => ({
  CatalogName: "hive",
  SchemaName: "",
  TableName: "",
  Name: name,
  Label: name,
  Type: type,
  Nullable: "UNKNOWN",
  CaseSensitive: type === "varchar",
});
