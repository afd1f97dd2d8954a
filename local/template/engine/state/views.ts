/** A stack as callers see it. */
import type { StackRecord, StackStatus, StoredResource } from "./record.ts";

export interface Stack {
  readonly name: string;
  readonly id: string;
  readonly status: StackStatus;
  readonly statusReason: string | undefined;
  readonly description: string;
  /** Epoch ms. */
  readonly createdAt: number;
  readonly updatedAt: number | undefined;
  readonly deletedAt: number | undefined;
  /** Values of NoEcho parameters are `****`. */
  readonly parameters: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly capabilities: readonly string[];
  readonly outputs: Readonly<Record<string, string>>;
  readonly outputDetails: StackRecord["outputs"];
  readonly resources: Readonly<Record<string, StoredResource>>;
  /** What the local cloud passed over, each naming its place in the template. */
  readonly warnings: readonly string[];
  /** The template as it was given. */
  readonly body: string;
}

const MASK = "****";

export const viewOf = (record: StackRecord): Stack => ({
  name: record.name,
  id: record.id,
  status: record.status,
  statusReason: record.statusReason,
  description: record.description,
  createdAt: record.createdAt,
  updatedAt: record.updatedAt,
  deletedAt: record.deletedAt,
  parameters: Object.fromEntries(
    Object.entries(record.parameters).map(([name, { text, noEcho }]) => [name, noEcho ? MASK : text]),
  ),
  tags: record.tags,
  capabilities: record.capabilities,
  outputs: Object.fromEntries(Object.entries(record.outputs).map(([name, { value }]) => [name, value])),
  outputDetails: record.outputs,
  resources: record.resources,
  warnings: record.warnings,
  body: record.body,
});
