/** Reads all shards of a DynamoDB stream. */
import type { Cloud } from "../../core/cloud.ts";
import { asRole } from "../../core/principal.ts";
import type { StoredMap } from "../../core/storage.ts";
import type { EventSourceHost, Mapping, RunningSource } from "./mapping.ts";
import { Retries } from "./retries.ts";
import { ShardReader } from "./shard-reader.ts";

export class StreamSource implements RunningSource {
  readonly #cloud: Cloud;
  readonly #host: EventSourceHost;
  readonly #mapping: Mapping;
  readonly #checkpoints: StoredMap<string>;
  readonly #readers = new Map<string, ShardReader>();
  readonly #retries: Retries;
  #isFirstLook = true;
  #isStopped = false;
  #lastWarning = "";

  constructor(cloud: Cloud, host: EventSourceHost, mapping: Mapping, checkpoints: StoredMap<string>) {
    this.#cloud = cloud;
    this.#host = host;
    this.#mapping = mapping;
    this.#checkpoints = checkpoints;
    this.#retries = new Retries(cloud.clock, () => this.#lookForShards());
  }

  start(): void {
    this.wake();
  }

  wake(): void {
    if (this.#isStopped) return;
    for (const reader of this.#readers.values()) reader.wake();
    if (this.#readers.size === 0) this.#lookForShards();
  }

  stop(): void {
    this.#isStopped = true;
    this.#retries.stop();
    for (const reader of this.#readers.values()) reader.stop();
  }

  #lookForShards(): void {
    this.#cloud.clock.background(`the shards of ${this.#mapping.eventSourceArn}`, () => this.#discover());
  }

  async #discover(): Promise<void> {
    const { eventSourceArn, reference, startingPosition } = this.#mapping;
    try {
      const as = asRole(this.#host.roleOf(reference), reference.name);
      let from: string | undefined;
      do {
        const input = { StreamArn: eventSourceArn, ...(from !== undefined && { ExclusiveStartShardId: from }) };
        const { StreamDescription: page } = await this.#cloud.call("dynamodbstreams", "DescribeStream", input, as);
        for (const { ShardId: id = "" } of page?.Shards ?? []) {
          if (this.#readers.has(id) || this.#isStopped) continue;
          // A shard that appeared later is read from its beginning, wherever the mapping started.
          const position = this.#isFirstLook ? (startingPosition ?? "TRIM_HORIZON") : "TRIM_HORIZON";
          const shard = { id, position };
          const reader = new ShardReader(this.#cloud, this.#host, this.#mapping, shard, this.#checkpoints, {
            error: (error) => this.#warn(error),
            closed: () => this.#lookForShards(),
          });
          this.#readers.set(id, reader);
          reader.wake();
        }
        from = page?.LastEvaluatedShardId;
      } while (from !== undefined);
      this.#isFirstLook = false;
      this.#retries.succeeded();
    } catch (error) {
      this.#warn(error);
      if (!this.#isStopped) this.#retries.failed(error);
    }
  }

  /** Each new reason once. */
  #warn(error: unknown): void {
    const message = error instanceof Error ? error.message : String(error);
    if (message === this.#lastWarning) return;
    this.#lastWarning = message;
    this.#cloud.log.warn(
      `The event source ${this.#mapping.eventSourceArn} of ${this.#mapping.reference.name}: ${message}`,
    );
  }
}
