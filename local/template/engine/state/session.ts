/** A stack while it is being changed: what happens is kept at once and told as events. */
import type { Cloud } from "../../../core/cloud.ts";
import type { ResourceContext, ResourceProvider } from "../../../core/service.ts";
import { physicalName } from "../resources/physical-name.ts";
import type { ResourceStatus, StackRecord, StackStatus, StackStore, StoredResource } from "./record.ts";

/** The provider of a CloudFormation resource type; undefined for types that no service makes. */
export type ProviderOf = (type: string) => Promise<ResourceProvider | undefined>;

export class StackSession {
  readonly cloud: Cloud;
  readonly store: StackStore;
  readonly providerOf: ProviderOf;
  readonly warnings: string[];
  #record: StackRecord;

  constructor(cloud: Cloud, store: StackStore, providerOf: ProviderOf, record: StackRecord) {
    this.cloud = cloud;
    this.store = store;
    this.providerOf = providerOf;
    this.#record = record;
    this.warnings = [...record.warnings];
  }

  get record(): StackRecord {
    return this.#record;
  }

  save(change: Partial<StackRecord>): void {
    this.#record = { ...this.#record, ...change, warnings: [...this.warnings] };
    this.store.save(this.#record);
  }

  /** Moves the stack to another status and says so in an event. */
  become(status: StackStatus, reason?: string, change: Partial<StackRecord> = {}): void {
    this.save({ ...change, status, statusReason: reason });
    this.store.addStackEvent(this.#record);
  }

  /** Each is logged once and kept with the stack. */
  warn(message: string): void {
    if (this.warnings.includes(message)) return;
    this.warnings.push(message);
    this.cloud.log.warn(`${this.#record.name}: ${message}`);
  }

  resource(logicalId: string): StoredResource | undefined {
    return this.#record.resources[logicalId];
  }

  keep(resource: StoredResource): void {
    this.save({ resources: { ...this.#record.resources, [resource.logicalId]: resource } });
  }

  drop(logicalId: string): void {
    const { [logicalId]: _dropped, ...rest } = this.#record.resources;
    this.save({ resources: rest });
  }

  event(
    resource: Pick<StoredResource, "logicalId" | "type" | "physicalId">,
    status: ResourceStatus,
    reason?: string,
  ): void {
    const { logicalId, type, physicalId } = resource;
    this.store.addEvent(this.#record, { logicalId, type, physicalId, status, reason });
  }

  context(logicalId: string): ResourceContext {
    const { name, id, tags, folder } = this.#record;
    return {
      stackName: name,
      stackId: id,
      logicalId,
      folder,
      tags: {
        ...tags,
        "aws:cloudformation:stack-name": name,
        "aws:cloudformation:stack-id": id,
        "aws:cloudformation:logical-id": logicalId,
      },
      physicalName: (maxLength, options) =>
        physicalName(name, logicalId, maxLength, () => this.cloud.random(), options ?? {}),
    };
  }
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
