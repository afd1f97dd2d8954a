/** How a batch is worked through, whatever source it comes from: each record by itself, failures reported by record. */
import type { Context } from "aws-lambda";
import { AppError, InputInvalid } from "../errors.ts";
import { type LambdaHandler, logFailure, type Once, wrap } from "../middleware.ts";
import { withLogKeys } from "../observability/log-keys.ts";
import { logger } from "../observability/logger.ts";
import { countOwn } from "../observability/metrics.ts";

/** One piece of work: what the handler gets. An idempotency key is searched in `input`. */
export interface Item {
  readonly input: unknown;
}

export interface SourceRecord<I extends Item = Item> {
  /** How a partial batch response names the record. Absent where the source knows no such response (SNS, S3, EventBridge). */
  readonly identifier?: string;
  /** Records of one group are worked on in order; when one fails, those behind it wait for it. Without a group there is no order. */
  readonly group?: string;
  readonly correlationId?: string;
  /** The record as it came. */
  readonly envelope: unknown;
  /** What is in it. An item that cannot be understood is its refusal. */
  read(): readonly (I | InputInvalid)[];
}

export interface EachOptions {
  readonly idempotent?: Once;
  /** How many records (or groups) are worked on at the same time; 5 unless said. */
  readonly concurrency?: number;
  /**
   * Puts a record aside that no retry can save: its input is invalid, or the handler threw an error that is not retryable.
   * Without it such a record fails like any other, and arrives in the queue's DLQ after its last receive. When putting aside
   * fails, so does the record. See `sendToDeadLetters` of `#shared/events/dead-letters`.
   */
  readonly putAside?: (envelope: unknown, error: AppError) => Promise<void>;
}

/** What Lambda takes from a function whose event source mapping has `FunctionResponseTypes: [ReportBatchItemFailures]`. */
export interface BatchResponse {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Several records of one event failed, and the source can only be told that the event did. */
export class RecordsFailed extends AppError<{ failed: number; of: number }> {
  override readonly retryable = true;
}

/**
 * Wraps a function whose event holds records. The answer is a partial batch response where the source takes one; elsewhere the
 * function fails after all records were tried, so that the source delivers the event again.
 */
export function handleRecords<I extends Item>(
  recordsOf: (event: unknown) => readonly SourceRecord<I>[],
  options: EachOptions,
  work: (item: I, context: Context) => Promise<unknown> | unknown,
): LambdaHandler<BatchResponse | undefined> {
  return wrap(async (event, context) => {
    const records = recordsOf(event);
    const failures = await workThrough(records, options, async (item, { envelope }) => {
      const run = async (): Promise<void> => void (await work(item, context));
      await (options.idempotent ? options.idempotent({ input: item.input, envelope, context }, run) : run());
    });
    countOwn("RecordsDone", records.length - failures.length);
    countOwn("RecordsFailed", failures.length);
    return answerOf(records, failures);
  });
}

export interface Failure {
  readonly record: SourceRecord;
  readonly error: unknown;
}

export function answerOf(records: readonly SourceRecord[], failures: readonly Failure[]): BatchResponse | undefined {
  const failed = failures.flatMap(({ record }) => record.identifier ?? []);
  if (failed.length === failures.length && records.every(({ identifier }) => identifier !== undefined)) {
    return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
  }
  const [first] = failures;
  if (first === undefined) return undefined;
  if (records.length === 1) throw first.error;
  throw new RecordsFailed(`${failures.length} of ${records.length} records failed`, {
    failed: failures.length,
    of: records.length,
  });
}

export async function workThrough<I extends Item>(
  records: readonly SourceRecord<I>[],
  { concurrency = 5, putAside }: EachOptions,
  work: (item: I, record: SourceRecord<I>) => Promise<void>,
): Promise<Failure[]> {
  const lanes = [...Map.groupBy(records, ({ group }) => group ?? Symbol("a lane of its own")).values()];
  const failures: Failure[] = [];

  async function travel(lane: readonly SourceRecord<I>[]): Promise<void> {
    for (const [index, record] of lane.entries()) {
      const error = await withLogKeys({ correlation_id: record.correlationId, record: record.identifier }, () =>
        attempt(record, work, putAside),
      );
      if (error === undefined) continue;
      failures.push({ record, error });
      const waiting = lane.slice(index + 1);
      if (waiting.length > 0) logger.warn("records wait for the failed one before them", { waiting: waiting.length });
      failures.push(...waiting.map((record) => ({ record, error })));
      return;
    }
  }

  const next = lanes.values();
  const travellers = Array.from({ length: Math.min(concurrency, lanes.length) }, async () => {
    for (const lane of next) await travel(lane);
  });
  await Promise.all(travellers);
  return failures;
}

/** The error of the record, undefined when it is dealt with. Every item is tried, also when one before it failed. */
async function attempt<I extends Item>(
  record: SourceRecord<I>,
  work: (item: I, record: SourceRecord<I>) => Promise<void>,
  putAside: EachOptions["putAside"],
): Promise<unknown> {
  const errors: unknown[] = [];
  for (const item of itemsOf(record)) {
    try {
      if (item instanceof InputInvalid) throw item;
      await work(item, record);
    } catch (error) {
      logFailure("record failed", error);
      errors.push(error ?? new Error("The handler threw nothing"));
    }
  }
  const hopeless = errors.filter((error) => error instanceof AppError && !error.retryable);
  const [reason] = hopeless;
  if (putAside === undefined || hopeless.length < errors.length || !(reason instanceof AppError)) return errors[0];
  try {
    await putAside(record.envelope, reason);
    logger.warn("record put aside", { reason: `${reason.name}: ${reason.message}` });
    return undefined;
  } catch (error) {
    logFailure("record could not be put aside", error);
    return error;
  }
}

function itemsOf<I extends Item>(record: SourceRecord<I>): readonly (I | InputInvalid)[] {
  try {
    return record.read();
  } catch (error) {
    if (error instanceof InputInvalid) return [error];
    throw error;
  }
}
