/** Reads one shard of a stream, in order, and keeps how far it has come. */
import type { GetRecordsOutput } from "@aws-sdk/client-dynamodb-streams";
import type { Cancel } from "../../core/clock.ts";
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import { asRole, type Principal } from "../../core/principal.ts";
import type { StoredMap } from "../../core/storage.ts";
import { filterOf } from "./filter.ts";
import type { EventSourceHost, Mapping } from "./mapping.ts";
import { Retries } from "./retries.ts";
import { StreamBatch } from "./stream-batch.ts";
import { type DynamoDbRecord, dynamoDbRecord } from "./stream-record.ts";

/** GetRecords answers at most this many. */
const MOST_A_CALL = 1_000;

export class ShardReader {
  readonly #cloud: Cloud;
  readonly #host: EventSourceHost;
  readonly #mapping: Mapping;
  readonly #shardId: string;
  /** Sequence numbers by mapping and shard. */
  readonly #checkpoints: StoredMap<string>;
  readonly #position: "TRIM_HORIZON" | "LATEST";
  readonly #events: { error(error: unknown): void; closed(): void };
  readonly #retries: Retries;
  #isClosed = false;
  #iterator: string | undefined;
  #gathered: DynamoDbRecord[] = [];
  #endWindow: Cancel | undefined;
  #isBusy = false;
  #hasNews = false;
  #isStopped = false;
  #last: string | undefined;
  /** When it began to read at the end of the stream, in epoch seconds. */
  #begunAt: number | undefined;

  constructor(
    cloud: Cloud,
    host: EventSourceHost,
    mapping: Mapping,
    shard: { readonly id: string; readonly position: "TRIM_HORIZON" | "LATEST" },
    checkpoints: StoredMap<string>,
    events: { error(error: unknown): void; closed(): void },
  ) {
    this.#cloud = cloud;
    this.#host = host;
    this.#mapping = mapping;
    this.#shardId = shard.id;
    this.#position = shard.position;
    this.#checkpoints = checkpoints;
    this.#events = events;
    this.#retries = new Retries(cloud.clock, () => this.wake());
  }

  wake(): void {
    this.#hasNews = true;
    if (this.#isBusy || this.#isStopped) return;
    this.#isBusy = true;
    this.#cloud.clock.background(`reading ${this.#mapping.eventSourceArn}`, () => this.#read());
  }

  stop(): void {
    this.#isStopped = true;
    this.#retries.stop();
    this.#endWindow?.();
  }

  async #read(): Promise<void> {
    try {
      do {
        this.#hasNews = false;
        while (!this.#isClosed && this.#gathered.length < this.#capacity && (await this.#receive()));
      } while (this.#hasNews && !this.#isStopped);
      if (this.#gathered.length === 0) {
        this.#advance();
        this.#isBusy = false;
      } else if (this.#mapping.windowSeconds > 0 && this.#gathered.length < this.#mapping.batchSize) {
        this.#isBusy = false;
        this.#openWindow();
      } else this.#process();
      this.#retries.succeeded();
    } catch (error) {
      this.#isBusy = false;
      this.#events.error(error);
      if (!this.#isStopped) this.#retries.failed(error);
    }
  }

  get #capacity(): number {
    return Math.min(MOST_A_CALL, this.#mapping.batchSize * this.#mapping.parallelization);
  }

  /** Answers whether there may be more. */
  async #receive(): Promise<boolean> {
    const page = await this.#nextPage();
    this.#iterator = page.NextShardIterator;
    if (page.NextShardIterator === undefined) {
      this.#isClosed = true;
      this.#events.closed();
    }
    const records = (page.Records ?? []).map((record) => dynamoDbRecord(record, this.#mapping.eventSourceArn));
    this.#last = records.at(-1)?.dynamodb.SequenceNumber ?? this.#last;
    const passes = await filterOf(this.#mapping);
    this.#gathered.push(...records.filter((record) => this.#isNew(record) && passes(record)));
    return records.length > 0 && !this.#isClosed;
  }

  /** Lambda asks four times a second and never loses its iterator. This reader asks when there is news: it may have expired by then. */
  async #nextPage(): Promise<GetRecordsOutput> {
    const as = this.#role();
    const Limit = this.#capacity - this.#gathered.length;
    const ask = (ShardIterator: string) =>
      this.#cloud.call("dynamodbstreams", "GetRecords", { ShardIterator, Limit }, as);
    if (this.#iterator === undefined) return ask(await this.#firstIterator(as));
    try {
      return await ask(this.#iterator);
    } catch (error) {
      if (!isServiceError(error) || error.name !== "ExpiredIteratorException") throw error;
      this.#iterator = undefined;
      return ask(await this.#firstIterator(as));
    }
  }

  async #firstIterator(as: Principal): Promise<string> {
    const checkpoint = this.#last ?? this.#checkpoints.get(this.#key);
    const isAgain = this.#begunAt !== undefined;
    if (this.#position === "LATEST" && checkpoint === undefined && !isAgain)
      this.#begunAt = Math.floor(this.#cloud.clock.now() / 1_000);
    const { ShardIterator = "" } = await this.#cloud.call(
      "dynamodbstreams",
      "GetShardIterator",
      {
        StreamArn: this.#mapping.eventSourceArn,
        ShardId: this.#shardId,
        ...(checkpoint === undefined
          ? { ShardIteratorType: isAgain ? "TRIM_HORIZON" : this.#position }
          : { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: checkpoint }),
      },
      as,
    );
    return ShardIterator;
  }

  /** The end of a stream cannot be found again by an iterator: what was there before is passed over. */
  #isNew({ dynamodb }: DynamoDbRecord): boolean {
    return this.#begunAt === undefined || dynamodb.ApproximateCreationDateTime >= this.#begunAt;
  }

  #openWindow(): void {
    this.#endWindow ??= this.#cloud.clock.after(this.#mapping.windowSeconds * 1000, () => {
      this.#endWindow = undefined;
      if (this.#isBusy || this.#isStopped || this.#gathered.length === 0) return;
      this.#isBusy = true;
      this.#process();
    });
  }

  /** Nothing more is read before all of this is done with. The function's environment holds time, not this wait. */
  #process(): void {
    this.#endWindow?.();
    this.#endWindow = undefined;
    const records = this.#gathered;
    this.#gathered = [];
    const done = Promise.all(this.#lanes(records).map((lane) => this.#processLane(lane)));
    done.then(
      () => {
        if (!this.#isStopped) this.#advance();
        this.#isBusy = false;
        this.wake();
      },
      (error: unknown) => {
        this.#isBusy = false;
        // What was read is read again after the next record or restart.
        this.#iterator = undefined;
        this.#last = undefined;
        this.#isClosed = false;
        this.#events.error(error);
      },
    );
  }

  async #processLane(records: readonly DynamoDbRecord[]): Promise<void> {
    const { batchSize } = this.#mapping;
    const batches = new StreamBatch(this.#cloud, this.#host, this.#mapping, this.#shardId, () => this.#isStopped);
    for (let at = 0; at < records.length; at += batchSize) await batches.process(records.slice(at, at + batchSize));
  }

  /** Records of one item stay in order: they are in the same lane. */
  #lanes(records: readonly DynamoDbRecord[]): DynamoDbRecord[][] {
    const { parallelization } = this.#mapping;
    if (parallelization === 1) return [[...records]];
    const lanes: DynamoDbRecord[][] = Array.from({ length: parallelization }, () => []);
    for (const record of records) {
      const key = JSON.stringify(record.dynamodb["Keys"] ?? {});
      lanes[hash(key) % parallelization]?.push(record);
    }
    return lanes;
  }

  #advance(): void {
    if (this.#last !== undefined) this.#checkpoints.set(this.#key, this.#last);
  }

  get #key(): string {
    return `${this.#mapping.uuid}/${this.#shardId}`;
  }

  #role(): Principal {
    const { reference } = this.#mapping;
    return asRole(this.#host.roleOf(reference), reference.name);
  }
}

/** FNV-1a, 32 bits. */
function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193) >>> 0;
  return value;
}
