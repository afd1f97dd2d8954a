/** Runs statements in Athena, and reads their answers page by page. */
import { setTimeout as pause } from "node:timers/promises";
import {
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { athena } from "#shared/clients/athena";
import { env } from "#shared/environment";
import { InputInvalid } from "#shared/errors";
import { logger } from "#shared/observability/logger";
import { SearchCancelled, SearchFailed, SearchTooSlow } from "./errors.ts";
import type { Statement } from "./statement.ts";

const WorkGroup = env.text("WORK_GROUP");
const Database = env.text("DATABASE");
const WAIT_SECONDS = env.integer("WAIT_SECONDS", { least: 5, most: 840, otherwise: 50 });

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;
/** ExecutionParameters (StartQueryExecution). */
const LONGEST_PARAMETER = 1_024;
/** A file that a compaction removed between the query's listing and its reading. Another try lists anew. */
const LOST_FILE = /HIVE_CANNOT_OPEN_SPLIT|NoSuchKey/;

export interface Answered {
  readonly queryExecutionId: string;
  readonly scannedBytes: number;
}

/** Waits until a statement is answered. Throws SearchFailed, SearchCancelled or SearchTooSlow. */
export async function answer(statement: Statement, triesLeft = 1): Promise<Answered> {
  if (statement.parameters.some(({ length }) => length > LONGEST_PARAMETER))
    throw new InputInvalid([
      { field: "search", problem: `a value is longer than the ${LONGEST_PARAMETER} characters that Athena takes` },
    ]);
  const { QueryExecutionId: queryExecutionId = "" } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: statement.sql,
      ...(statement.parameters.length > 0 && { ExecutionParameters: [...statement.parameters] }),
      QueryExecutionContext: { Database },
      WorkGroup,
    }),
  );
  const { state, reason, scannedBytes } = await untilOver(queryExecutionId);
  logger.info("searched", { queryExecutionId, state, scannedBytes });
  if (state === "SUCCEEDED") return { queryExecutionId, scannedBytes };
  if (state === "FAILED" && triesLeft > 0 && LOST_FILE.test(reason)) return answer(statement, triesLeft - 1);
  if (state === "CANCELLED") throw new SearchCancelled(reason, { queryExecutionId });
  throw new SearchFailed(reason, { queryExecutionId });
}

async function untilOver(QueryExecutionId: string) {
  const deadline = Date.now() + WAIT_SECONDS * 1_000;
  for (let wait = FIRST_PAUSE_MS; ; wait = Math.min(wait * 1.5, LONGEST_PAUSE_MS)) {
    await pause(wait);
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const { State: state = "QUEUED", StateChangeReason: reason = "" } = QueryExecution?.Status ?? {};
    if (state !== "QUEUED" && state !== "RUNNING")
      return { state, reason, scannedBytes: QueryExecution?.Statistics?.DataScannedInBytes ?? 0 };
    if (Date.now() + wait > deadline) {
      await athena.send(new StopQueryExecutionCommand({ QueryExecutionId }));
      throw new SearchTooSlow(`No answer within ${WAIT_SECONDS} s; ask for fewer days`, {
        queryExecutionId: QueryExecutionId,
      });
    }
  }
}

/** A row of an answer by the names of its columns; a null is undefined. */
export type AnswerRow = Readonly<Record<string, string | undefined>>;

/** One page of an answer, and the token of the next. Throws InputInvalid for a token that is none, or no longer one. */
export async function pageOf(
  queryExecutionId: string,
  limit: number,
  token: string | undefined,
): Promise<{ rows: readonly AnswerRow[]; next: string | undefined }> {
  const page = await results(queryExecutionId, limit, token);
  const names = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name = "" }) => Name);
  // The first page begins with the names of the columns.
  const rows = (page.ResultSet?.Rows ?? []).slice(token === undefined ? 1 : 0);
  return {
    rows: rows.map(({ Data = [] }) =>
      Object.fromEntries(names.map((name, index) => [name, Data[index]?.VarCharValue])),
    ),
    next: page.NextToken,
  };
}

async function results(QueryExecutionId: string, limit: number, NextToken: string | undefined) {
  // Of the first page one row is the names of the columns.
  const MaxResults = NextToken === undefined ? limit + 1 : limit;
  try {
    return await athena.send(
      new GetQueryResultsCommand({ QueryExecutionId, MaxResults, ...(NextToken !== undefined && { NextToken }) }),
    );
  } catch (error) {
    if (error instanceof Error && error.name === "InvalidRequestException" && NextToken !== undefined)
      throw new InputInvalid([
        { field: "nextToken", problem: "not a token that this function gave, or its search is forgotten" },
      ]);
    throw error;
  }
}
