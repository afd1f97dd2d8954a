/** What is kept of a stack. */
import type { Cloud } from "../../../core/cloud.ts";
import type { DeletionPolicy } from "../../template.ts";
import type { Fields } from "../../value.ts";

export type StackStatus =
  | "REVIEW_IN_PROGRESS"
  | "CREATE_IN_PROGRESS"
  | "CREATE_COMPLETE"
  | "CREATE_FAILED"
  | "ROLLBACK_IN_PROGRESS"
  | "ROLLBACK_COMPLETE"
  | "ROLLBACK_FAILED"
  | "UPDATE_IN_PROGRESS"
  | "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS"
  | "UPDATE_COMPLETE"
  | "UPDATE_FAILED"
  | "UPDATE_ROLLBACK_IN_PROGRESS"
  | "UPDATE_ROLLBACK_COMPLETE"
  | "UPDATE_ROLLBACK_FAILED"
  | "DELETE_IN_PROGRESS"
  | "DELETE_COMPLETE"
  | "DELETE_FAILED";

export type ResourceStatus =
  `${"CREATE" | "UPDATE" | "DELETE"}_${"IN_PROGRESS" | "COMPLETE" | "FAILED"}` | "DELETE_SKIPPED";

export interface StoredResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** With every function evaluated: what the provider was given. */
  readonly properties: Fields;
  readonly dependsOn: readonly string[];
  readonly deletionPolicy: DeletionPolicy;
  readonly updateReplacePolicy: DeletionPolicy;
  readonly metadata: Fields;
  /** Nothing was made: the type is not known here. */
  readonly isPlaceholder: boolean;
  readonly status: ResourceStatus;
  readonly statusReason: string | undefined;
  /** Epoch ms. */
  readonly updatedAt: number;
}

interface StoredParameter {
  readonly text: string;
  readonly noEcho: boolean;
  readonly resolved?: string;
}

export interface StoredOutput {
  readonly value: string;
  readonly description: string | undefined;
  readonly exportName: string | undefined;
}

export interface StackRecord {
  readonly name: string;
  readonly id: string;
  readonly status: StackStatus;
  readonly statusReason: string | undefined;
  readonly description: string;
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
  readonly deletedAt: number | undefined;
  /** The text as it was given, before any transform. */
  readonly body: string;
  readonly folder: string | undefined;
  readonly parameters: Readonly<Record<string, StoredParameter>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly resources: Readonly<Record<string, StoredResource>>;
  readonly outputs: Readonly<Record<string, StoredOutput>>;
  /** Names of the exports of other stacks that this one uses. */
  readonly imports: readonly string[];
  readonly warnings: readonly string[];
}

export interface StackEvent {
  readonly eventId: string;
  readonly stackId: string;
  readonly stackName: string;
  readonly logicalId: string;
  readonly physicalId: string;
  readonly type: string;
  readonly status: StackStatus | ResourceStatus;
  readonly reason: string | undefined;
  /** Epoch ms. */
  readonly at: number;
}

const STACK_TYPE = "AWS::CloudFormation::Stack";

/** The stacks of a cloud: live ones by name, deleted ones by id, as DescribeStacks finds them. */
export class StackStore {
  readonly #cloud: Cloud;

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
  }

  get #stacks() {
    return this.#cloud.storage.map<StackRecord>("cloudformation.stacks");
  }

  get #events() {
    return this.#cloud.storage.map<StackEvent>("cloudformation.events");
  }

  /** By name, or by id (which also finds deleted stacks). */
  find(nameOrId: string): StackRecord | undefined {
    const direct = this.#stacks.get(nameOrId);
    if (direct || !nameOrId.startsWith("arn:")) return direct;
    return this.live().find((stack) => stack.id === nameOrId);
  }

  live(): readonly StackRecord[] {
    return [...this.#stacks.values()].filter((stack) => stack.status !== "DELETE_COMPLETE");
  }

  all(): readonly StackRecord[] {
    return [...this.#stacks.values()];
  }

  save(stack: StackRecord): void {
    if (stack.status === "DELETE_COMPLETE") {
      this.#stacks.delete(stack.name);
      this.#stacks.set(stack.id, stack);
    } else this.#stacks.set(stack.name, stack);
  }

  forget(name: string): void {
    this.#stacks.delete(name);
  }

  /** Oldest first. */
  events(stackId: string): readonly StackEvent[] {
    return [...this.#events.values()].filter((event) => event.stackId === stackId);
  }

  addEvent(
    stack: Pick<StackRecord, "id" | "name">,
    event: Omit<StackEvent, "eventId" | "stackId" | "stackName" | "at">,
  ): void {
    const eventId = this.#cloud.uuid();
    this.#events.set(eventId, {
      ...event,
      eventId,
      stackId: stack.id,
      stackName: stack.name,
      at: this.#cloud.clock.now(),
    });
  }

  addStackEvent(stack: StackRecord): void {
    this.addEvent(stack, {
      logicalId: stack.name,
      physicalId: stack.id,
      type: STACK_TYPE,
      status: stack.status,
      reason: stack.statusReason,
    });
  }

  /** Who exports a name. */
  exporter(exportName: string): { readonly stack: StackRecord; readonly value: string } | undefined {
    for (const stack of this.live())
      for (const output of Object.values(stack.outputs))
        if (output.exportName === exportName) return { stack, value: output.value };
    return undefined;
  }

  /** The live stacks that import a name. */
  importers(exportName: string): readonly StackRecord[] {
    return this.live().filter((stack) => stack.imports.includes(exportName));
  }
}
