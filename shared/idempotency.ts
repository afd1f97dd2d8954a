/**
 * Work that is done once, however often its event is delivered. Needs a table named by `IDEMPOTENCY_TABLE` with the string key
 * `id` and time to live on `expiration`, and the actions GetItem, PutItem, UpdateItem and DeleteItem on it.
 *
 * A file of its own because it brings the DynamoDB client: functions that do without do not bundle it.
 */
import { IdempotencyConfig, makeIdempotent } from "@aws-lambda-powertools/idempotency";
import { DynamoDBPersistenceLayer } from "@aws-lambda-powertools/idempotency/dynamodb";
import { dynamodb } from "./clients/dynamodb.ts";
import { env } from "./environment.ts";
import { InProgress, InputInvalid } from "./errors.ts";
import type { Once } from "./middleware.ts";

export interface OnceOptions {
  /** Where the path is searched: in what the handler gets (`input`), or in the event or record as it came (`envelope`). */
  readonly of?: "input" | "envelope";
  /** How long a result is remembered. One day, unless the source may deliver an event again after more than that. */
  readonly expiresAfterSeconds?: number;
}

const ONE_DAY = 86_400;

/**
 * Tells duplicates by what a JMESPath finds, such as `orderId` or `[bucket, key, sequencer]`: a duplicate gets the result of the
 * first, and the work is not done again. A failure is not remembered: its duplicate tries again.
 *
 * Results are remembered as JSON and must stay well below the 400 kB of a DynamoDB item.
 * The work throws InProgress (retryable) while another invocation does the same; what was left behind by an invocation that
 * died counts as in progress until that invocation would have timed out. Throws InputInvalid when the path finds nothing.
 */
export function by(path: string, { of = "input", expiresAfterSeconds = ONE_DAY }: OnceOptions = {}): Once {
  const config = new IdempotencyConfig({
    eventKeyJmesPath: path,
    throwOnNoIdempotencyKey: true,
    expiresAfterSeconds,
    hashFunction: "sha256",
  });
  const persistenceStore = new DynamoDBPersistenceLayer({
    tableName: env.text("IDEMPOTENCY_TABLE"),
    awsSdkV3Client: dynamodb,
  });

  return async <Result>(subject: Parameters<Once>[0], work: () => Promise<Result>): Promise<Result> => {
    let failure: { readonly error: unknown } | undefined;
    const once = makeIdempotent(
      async () => {
        try {
          // As text, so that no value is beyond what DynamoDB's types can hold; a function's result is JSON anyway.
          return JSON.stringify({ result: await work() });
        } catch (error) {
          failure = { error };
          throw error;
        }
      },
      { persistenceStore, config, keyPrefix: subject.context.functionName, dataIndexArgument: 0 },
    ) as (payload: unknown) => Promise<string>; // the type asks for the payload in the work's own arguments

    config.registerLambdaContext(subject.context);
    try {
      return (JSON.parse(await once(subject[of])) as { result: Result }).result;
    } catch (error) {
      // The failure of the work counts, also when forgetting the attempt failed after it.
      throw failure ? failure.error : plainly(error, path);
    }
  };
}

/** The errors of Powertools in our words. */
function plainly(error: unknown, path: string): unknown {
  const name = error instanceof Error && error.cause instanceof Error ? error.cause.name : "";
  if (error instanceof Error && error.name === "IdempotencyAlreadyInProgressError") {
    return new InProgress("The same work is being done at this moment", { retryAfterSeconds: 5 });
  }
  if (name === "IdempotencyKeyError")
    return new InputInvalid([{ field: path, problem: "nothing to tell duplicates by" }]);
  return error;
}
