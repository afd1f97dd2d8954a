/** Hands one batch of stream records to the function until it is done with, in order ("Error handling for DynamoDB and Kinesis"). */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import type { Attempt } from "../asynchronous/asynchronous-target.ts";
import { sendRecord } from "../asynchronous/destinations.ts";
import { failedItems } from "./batch-answer.ts";
import type { EventSourceHost, Mapping } from "./mapping.ts";
import type { DynamoDbRecord } from "./stream-record.ts";

/** Between attempts: from a second, doubled up to a minute. */
const FIRST_BACKOFF_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** Records stay in a stream for this long; whatever is older is given up. */
const RETENTION_SECONDS = 24 * 60 * 60;

type Reason = "RetryAttemptsExhausted" | "RecordAgeExceeded";

export class StreamBatch {
  readonly #cloud: Cloud;
  readonly #host: EventSourceHost;
  readonly #mapping: Mapping;
  readonly #shardId: string;
  readonly #isStopped: () => boolean;

  constructor(cloud: Cloud, host: EventSourceHost, mapping: Mapping, shardId: string, isStopped: () => boolean) {
    this.#cloud = cloud;
    this.#host = host;
    this.#mapping = mapping;
    this.#shardId = shardId;
    this.#isStopped = isStopped;
  }

  /** Resolves when every record is handled or given up, or the source was stopped. */
  async process(batch: readonly DynamoDbRecord[]): Promise<void> {
    let records = batch;
    let failures = 0;
    for (let tries = 0; records.length > 0 && !this.#isStopped(); tries++) {
      if (tries > 0) {
        await this.#cloud.clock.sleep(Math.min(LONGEST_BACKOFF_MS, FIRST_BACKOFF_MS * 2 ** (tries - 1)));
        if (this.#isStopped()) return;
      }
      records = await this.#withoutExpired(records, failures);
      const requestId = this.#cloud.uuid();
      const attempt = records.length > 0 ? await this.#invoke(requestId, records) : undefined;
      // Throttles are not counted.
      if (attempt === undefined) continue;
      const rest = this.#unhandled(records, attempt);
      if (rest.length === 0) return;
      failures = rest.length < records.length ? 1 : failures + 1;
      records = rest;
      if (this.#mapping.bisects && records.length > 1) {
        // In order: the second half waits for the first. Dividing does not count as an attempt.
        const half = Math.ceil(records.length / 2);
        await this.process(records.slice(0, half));
        return this.process(records.slice(half));
      }
      const { maximumRetries } = this.#mapping;
      if (maximumRetries >= 0 && failures > maximumRetries)
        return this.#giveUp(records, "RetryAttemptsExhausted", { requestId, attempt, failures });
    }
  }

  /** Undefined when the function was throttled. */
  async #invoke(requestId: string, records: readonly DynamoDbRecord[]): Promise<Attempt | undefined> {
    try {
      const payload = JSON.stringify({ Records: records });
      return await this.#host.invoke(this.#mapping.reference, { requestId, payload });
    } catch (error) {
      if (isServiceError(error) && error.name === "TooManyRequestsException") return undefined;
      throw error;
    }
  }

  /** From the first record that failed on: what comes behind it is repeated too. */
  #unhandled(records: readonly DynamoDbRecord[], attempt: Attempt): readonly DynamoDbRecord[] {
    if (attempt.failure) return records;
    if (!this.#mapping.reportsItemFailures) return [];
    const identifiers = records.map(({ dynamodb }) => dynamodb.SequenceNumber);
    const failed = failedItems(Buffer.from(attempt.payload).toString(), new Set(identifiers));
    if (failed === undefined) return records;
    const first = identifiers.findIndex((identifier) => failed.has(identifier));
    return first < 0 ? [] : records.slice(first);
  }

  async #withoutExpired(records: readonly DynamoDbRecord[], failures: number): Promise<readonly DynamoDbRecord[]> {
    const { maximumAgeSeconds } = this.#mapping;
    const longest = maximumAgeSeconds < 0 ? RETENTION_SECONDS : maximumAgeSeconds;
    const oldest = this.#cloud.clock.now() / 1000 - longest;
    const expired = records.filter(({ dynamodb }) => dynamodb.ApproximateCreationDateTime < oldest);
    if (expired.length === 0) return records;
    await this.#giveUp(expired, "RecordAgeExceeded", { requestId: this.#cloud.uuid(), attempt: undefined, failures });
    return records.filter((record) => !expired.includes(record));
  }

  /** Tells the on-failure destination which records were given up; they themselves stay in the stream. */
  async #giveUp(
    records: readonly DynamoDbRecord[],
    condition: Reason,
    last: { readonly requestId: string; readonly attempt: Attempt | undefined; readonly failures: number },
  ): Promise<void> {
    const { reference, onFailure, eventSourceArn } = this.#mapping;
    const [from, to] = [records[0], records.at(-1)];
    if (onFailure === undefined || from === undefined || to === undefined) return;
    const functionArn = this.#cloud.arn("lambda", `function:${reference.name}${suffix(reference.qualifier)}`);
    const time = ({ dynamodb }: DynamoDbRecord) =>
      new Date(dynamodb.ApproximateCreationDateTime * 1000).toISOString().replace(".000Z", "Z");
    const record = {
      requestContext: {
        requestId: last.requestId,
        functionArn,
        condition,
        approximateInvokeCount: last.failures,
      },
      ...(last.attempt && {
        responseContext: {
          statusCode: 200,
          executedVersion: last.attempt.executedVersion,
          functionError: "Unhandled",
        },
      }),
      version: "1.0",
      timestamp: new Date(this.#cloud.clock.now()).toISOString(),
      DDBStreamBatchInfo: {
        shardId: this.#shardId,
        startSequenceNumber: from.dynamodb.SequenceNumber,
        endSequenceNumber: to.dynamodb.SequenceNumber,
        approximateArrivalOfFirstRecord: time(from),
        approximateArrivalOfLastRecord: time(to),
        batchSize: records.length,
        streamArn: eventSourceArn,
      },
    };
    try {
      const target = { name: reference.name, functionArn, roleArn: this.#host.roleOf(reference) };
      await sendRecord(this.#cloud, target, onFailure, record, "Failure");
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      this.#cloud.log.warn(`A record of ${reference.name} could not be sent to ${onFailure}: ${message}`);
    }
  }
}

const suffix = (qualifier: string | undefined): string => (qualifier === undefined ? "" : `:${qualifier}`);
