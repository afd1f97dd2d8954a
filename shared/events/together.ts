/** Functions that read the records of a batch one by one and keep what comes of them together: many rows in one file. */
import type { Context } from "aws-lambda";
import { type LambdaHandler, logFailure, wrap } from "../middleware.ts";
import { countOwn } from "../observability/metrics.ts";
import {
  answerOf,
  type BatchResponse,
  type EachOptions,
  type Failure,
  type Item,
  type SourceRecord,
  workThrough,
} from "./records.ts";

export interface Together<I extends Item, Result> {
  /** Works on one item. What it throws concerns its record alone. */
  each(item: I, context: Context): Promise<Result> | Result;
  /** Keeps the results of all records that went well. When it throws, all of them have failed. */
  all(results: readonly Result[], context: Context): Promise<unknown> | unknown;
}

/**
 * Wraps a function that is better done for a whole batch than for each of its records. A record that failed, or was put aside, keeps
 * no other from being done.
 *
 * ```ts
 * export const handler = handleTogether(s3EventsOf, { putAside }, { each: rowOf, all: writeFile });
 * ```
 */
export function handleTogether<I extends Item, Result>(
  recordsOf: (event: unknown) => readonly SourceRecord<I>[],
  options: Omit<EachOptions, "idempotent">,
  { each, all }: Together<I, Result>,
): LambdaHandler<BatchResponse | undefined> {
  return wrap(async (event, context) => {
    const records = recordsOf(event);
    const results: Result[] = [];
    const read = new Set<SourceRecord>();
    const failed = await workThrough(records, options, async (item, record) => {
      results.push(await each(item, context));
      read.add(record);
    });
    const failures = [...failed, ...(await keep(() => all(results, context), read, failed))];
    countOwn("RecordsDone", records.length - failures.length);
    countOwn("RecordsFailed", failures.length);
    return answerOf(records, failures);
  });
}

async function keep(
  work: () => Promise<unknown> | unknown,
  read: ReadonlySet<SourceRecord>,
  failed: readonly Failure[],
): Promise<Failure[]> {
  if (read.size === 0) return [];
  try {
    await work();
    return [];
  } catch (error) {
    logFailure("batch failed", error);
    const known = new Set(failed.map(({ record }) => record));
    return [...read].filter((record) => !known.has(record)).map((record) => ({ record, error }));
  }
}
