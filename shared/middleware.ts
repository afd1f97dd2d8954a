/**
 * What every function has in common, as one call: structured logs with correlation ids, traces, metrics, a parsed input,
 * idempotency where it is asked for, and errors that are logged once.
 */
import middy, { type MiddlewareObj } from "@middy/core";
import type { Context } from "aws-lambda";
import { env } from "./environment.ts";
import { AppError } from "./errors.ts";
import { type Parsed, parse, type Schema } from "./input.ts";
import { correlationOf } from "./observability/correlation.ts";
import { withLogKeys } from "./observability/log-keys.ts";
import { logger } from "./observability/logger.ts";
import { countColdStart, publish } from "./observability/metrics.ts";
import { annotate, subsegments } from "./observability/tracing.ts";

/** A function as Lambda calls it. */
export type LambdaHandler<Result> = (event: unknown, context: Context) => Promise<Result>;

/**
 * Does work at most once for a subject. Made by `by()` of `#shared/idempotency`, a module of its own because it brings the
 * DynamoDB client: functions that do without do not bundle it.
 */
export type Once = <Result>(subject: Subject, work: () => Promise<Result>) => Promise<Result>;

export interface Subject {
  /** What the handler gets: a JMESPath is searched in it. */
  readonly input: unknown;
  /** What it came in: the whole event, or the record. */
  readonly envelope: unknown;
  readonly context: Context;
}

/** What a handler gets beside its input. */
export interface Invocation {
  readonly event: unknown;
  readonly context: Context;
}

export interface Options<Input extends Schema> {
  readonly input: Input;
  readonly idempotent?: Once;
}

/**
 * Wraps a function that is invoked with one input: a task of a state machine, a direct invocation, an event of any other source.
 * Throws InputInvalid when the event does not fit the schema; other errors of the handler pass unchanged, so that a state
 * machine can match their names.
 *
 * ```ts
 * export const handler = handle({ input: Scan, idempotent: by("[parcelId, scannedAt]") }, async (scan) => { ... });
 * ```
 */
export function handle<Input extends Schema, Result>(
  { input: schema, idempotent }: Options<Input>,
  work: (input: Parsed<Input>, invocation: Invocation) => Promise<Result> | Result,
): LambdaHandler<Result> {
  return wrap(async (event, context) => {
    const input = parse(schema, event);
    const run = async (): Promise<Result> => work(input, { event, context });
    return idempotent ? idempotent({ input, envelope: event, context }, run) : run();
  });
}

/** What `handle` and the wrappers of the event sources share. `answer` turns an error into a response instead of throwing it. */
export function wrap<Result>(
  work: LambdaHandler<Result>,
  answer?: (error: unknown, event: unknown, context: Context) => Result,
): LambdaHandler<Result> {
  // Lambda ends a function that takes too long. An early answer of ours would leave the work running on, half frozen.
  const handler = middy<unknown, Result>(work, { timeoutEarlyInMillis: 0 });
  // middy runs `before` in this order and the others in reverse: the answer comes last.
  if (answer) handler.onError(({ error, event, context }) => answer(error, event, context));
  handler.use(logging);
  if (subsegments) handler.use(subsegments).use(annotations);
  handler.use(counting);
  return (event, context) =>
    withLogKeys({ correlation_id: correlationOf(event) ?? context.awsRequestId }, () => handler(event, context));
}

const logging: MiddlewareObj = {
  before({ context }) {
    logger.refreshSampleRateCalculation();
    logger.addContext(context);
  },
  after() {
    logger.clearBuffer();
  },
  onError({ error }) {
    logFailure("failed", error);
    logger.clearBuffer();
  },
};

const app = env.text("POWERTOOLS_SERVICE_NAME", "service");
const annotations: MiddlewareObj = { before: () => annotate("App", app) };

const counting: MiddlewareObj = {
  before: ({ context }) => countColdStart(context.functionName),
  after: publish,
  onError: publish,
};

/** An error that the function throws on purpose is a warning, anything else an error. Either way what was kept back is written. */
export function logFailure(message: string, error: unknown): void {
  if (error instanceof AppError) {
    logger.flushBuffer();
    logger.warn(message, { reason: `${error.name}: ${error.message}`, retryable: error.retryable, ...causeOf(error) });
  } else {
    logger.error(message, { error: error instanceof Error ? error : new Error(String(error)) });
  }
}

const causeOf = ({ cause }: AppError): { cause?: Error } => (cause instanceof Error ? { cause } : {});
