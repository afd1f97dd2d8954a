/** All event source mappings: kept, and running while they are enabled. */
import type { Cloud } from "../../core/cloud.ts";
import { serviceOf } from "../asynchronous/destinations.ts";
import type { EventSourceHost, Mapping, RunningSource } from "./mapping.ts";
import { SqsSource } from "./sqs-source.ts";
import { StreamSource } from "./stream-source.ts";

export class EventSources {
  readonly #cloud: Cloud;
  readonly #host: EventSourceHost;
  readonly #mappings;
  readonly #checkpoints;
  readonly #running = new Map<string, { readonly arn: string; readonly source: RunningSource }>();
  readonly #endSubscriptions: readonly (() => void)[];

  constructor(cloud: Cloud, host: EventSourceHost) {
    this.#cloud = cloud;
    this.#host = host;
    this.#mappings = cloud.storage.map<Mapping>("lambda.eventSourceMappings");
    this.#checkpoints = cloud.storage.map<string>("lambda.checkpoints");
    this.#endSubscriptions = [
      cloud.signals.on("sqs.available", ({ queueArn }) => this.#wake(queueArn)),
      cloud.signals.on("dynamodb.records", ({ streamArn }) => this.#wake(streamArn)),
    ];
  }

  /** In the order of their creation. */
  all(): Mapping[] {
    return [...this.#mappings.values()];
  }

  get(uuid: string): Mapping | undefined {
    return this.#mappings.get(uuid);
  }

  /** Keeps a new or changed mapping and runs it as it is now. */
  save(mapping: Mapping): void {
    this.#mappings.set(mapping.uuid, mapping);
    this.#end(mapping.uuid);
    if (mapping.isEnabled) this.#start(mapping);
  }

  delete(uuid: string): void {
    this.#end(uuid);
    this.#mappings.delete(uuid);
    for (const key of this.#checkpoints.keys()) if (key.startsWith(`${uuid}/`)) this.#checkpoints.delete(key);
  }

  resume(): void {
    for (const mapping of this.#mappings.values()) if (mapping.isEnabled) this.#start(mapping);
  }

  stop(): void {
    for (const end of this.#endSubscriptions) end();
    for (const uuid of this.#running.keys()) this.#end(uuid);
  }

  #start(mapping: Mapping): void {
    const source =
      serviceOf(mapping.eventSourceArn) === "sqs"
        ? new SqsSource(this.#cloud, this.#host, mapping)
        : new StreamSource(this.#cloud, this.#host, mapping, this.#checkpoints);
    this.#running.set(mapping.uuid, { arn: mapping.eventSourceArn, source });
    source.start();
  }

  #end(uuid: string): void {
    this.#running.get(uuid)?.source.stop();
    this.#running.delete(uuid);
  }

  #wake(arn: string): void {
    for (const running of this.#running.values()) if (running.arn === arn) running.source.wake();
  }
}
