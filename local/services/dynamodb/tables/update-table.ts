import type { GlobalSecondaryIndexUpdate, UpdateTableCommandInput } from "@aws-sdk/client-dynamodb";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import type { DynamoDB, Tables } from "../store.ts";
import { invalid, invalidParameters } from "../validation.ts";
import { checkIndexes, readAttributeTypes, readIndex, readThroughput, refuseParameters } from "./check-schema.ts";
import { CHANGE_TIME, switchStream } from "./create-table.ts";
import { checkIndexThroughput, readEncryption, readStream, readTableClass } from "./definition.ts";
import { describe } from "./describe.ts";
import type { IndexRecord, TableRecord, Throughput } from "./record.ts";
import type { Table } from "./table.ts";

const NOT_THERE = [
  "GlobalTableSettingsReplicationMode",
  "GlobalTableWitnessUpdates",
  "MultiRegionConsistency",
  "OnDemandThroughput",
  "ReplicaUpdates",
  "WarmThroughput",
];
const CHANGES = [
  "BillingMode",
  "DeletionProtectionEnabled",
  "GlobalSecondaryIndexUpdates",
  "ProvisionedThroughput",
  "SSESpecification",
  "StreamSpecification",
  "TableClass",
] as const;

/** Changes a table; items can be read and written meanwhile. An index that is added can be read a moment later. */
export const updateTable =
  (tables: Tables): Handler<DynamoDB, "UpdateTable"> =>
  (input) => {
    refuseParameters("UpdateTable", input, NOT_THERE);
    const table = tables.existing(input.TableName);
    checkCombination(input);
    if (table.status !== "ACTIVE") {
      const state = { CREATING: "created", UPDATING: "updated", DELETING: "deleted" }[table.status];
      throw new ServiceError(
        "ResourceInUseException",
        `Attempt to change a resource which is still in use: Table is being ${state}: ${table.record.name}`,
      );
    }
    const { clock } = tables.cloud;
    const doneAt = clock.now() + CHANGE_TIME;
    const billing = readBilling(table.record, input, clock.now());
    const indexes = readIndexChanges(
      table,
      input,
      doneAt,
      "throughput" in billing ? billing.throughput : table.record.throughput,
    );
    const view = readStreamChange(table, input);
    tables.update(table, {
      ...billing,
      ...indexes,
      ...(input.DeletionProtectionEnabled === undefined ? {} : { isProtected: input.DeletionProtectionEnabled }),
      ...(input.TableClass === undefined ? {} : { tableClass: readTableClass(input.TableClass) }),
      ...(input.SSESpecification === undefined ? {} : readEncryption(input.SSESpecification)),
      updatedAt: doneAt,
    });
    for (const { Delete: deletion } of input.GlobalSecondaryIndexUpdates ?? []) {
      if (deletion?.IndexName !== undefined) table.forgetIndex(deletion.IndexName);
    }
    if (view !== "same") switchStream(tables, table, view);
    // Nothing is to be done then; but who waits for things to settle waits for this.
    clock.at(doneAt, () => {});
    return { TableDescription: describe(table) };
  };

/** Some changes must come alone. */
function checkCombination(input: UpdateTableCommandInput): void {
  const asked = CHANGES.filter((name) => input[name] !== undefined);
  if (asked.length === 0) {
    throw invalid(
      "At least one of ProvisionedThroughput, BillingMode, UpdateStreamEnabled, GlobalSecondaryIndexUpdates, SSESpecification, ReplicaUpdates, MultiAccountReplicaReady, ReplicaTransitRoleArn, MultiRegionConsistency, DeletionProtectionEnabled, OnDemandThroughput, WarmThroughput or TableClass is required",
    );
  }
  for (const [name, what] of [
    ["SSESpecification", "Server-Side Encryption"],
    ["TableClass", "TableClass"],
    ["DeletionProtectionEnabled", "DeletionProtection"],
  ] as const) {
    if (asked.length > 1 && input[name] !== undefined) {
      throw invalidParameters(`${what} modification must be the only operation in the request`);
    }
  }
  const changesThroughput = input.BillingMode !== undefined || input.ProvisionedThroughput !== undefined;
  const changesIndexes = (input.GlobalSecondaryIndexUpdates ?? []).some(isOnline);
  if (changesThroughput && input.StreamSpecification) {
    throw invalidParameters("You cannot modify stream status while updating table IOPS");
  }
  if (changesThroughput && changesIndexes) {
    throw invalidParameters("You cannot create or delete index while updating table IOPS");
  }
  if (input.StreamSpecification && changesIndexes) {
    throw invalidParameters("You cannot create or delete index while changing stream status");
  }
}

const isOnline = ({ Create, Delete }: GlobalSecondaryIndexUpdate): boolean =>
  Create !== undefined || Delete !== undefined;

function readBilling(
  record: TableRecord,
  { BillingMode: mode, ProvisionedThroughput: given }: UpdateTableCommandInput,
  now: number,
): Pick<TableRecord, "throughput" | "billingChangedAt"> | Record<never, never> {
  new Constraints().text("billingMode", mode, { oneOf: ["PROVISIONED", "PAY_PER_REQUEST"] }).check();
  const isProvisioned = mode === undefined ? record.throughput !== undefined : mode === "PROVISIONED";
  if (!isProvisioned && given) {
    throw invalidParameters(
      "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST",
    );
  }
  if (!isProvisioned) return record.throughput ? { throughput: undefined, billingChangedAt: now } : {};
  if (!given) {
    if (record.throughput) return {};
    throw invalidParameters(
      "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED",
    );
  }
  const throughput = readThroughput(given);
  const { throughput: current } = record;
  if (current?.read === throughput.read && current.write === throughput.write) {
    throw invalid(
      `The provisioned throughput for the table will not change. The requested value equals the current value. Current ReadCapacityUnits provisioned for the table: ${current.read}. Requested ReadCapacityUnits: ${throughput.read}. Current WriteCapacityUnits provisioned for the table: ${current.write}. Requested WriteCapacityUnits: ${throughput.write}. Refer to the Amazon DynamoDB Developer Guide for current limits and how to request higher limits.`,
    );
  }
  return { throughput, ...(current ? {} : { billingChangedAt: now }) };
}

function readIndexChanges(
  table: Table,
  input: UpdateTableCommandInput,
  activeAt: number,
  throughput: Throughput | undefined,
): Pick<TableRecord, "indexes" | "attributeTypes"> {
  const updates = input.GlobalSecondaryIndexUpdates ?? [];
  if (input.GlobalSecondaryIndexUpdates?.length === 0) {
    throw invalidParameters("List of GlobalSecondaryIndexUpdates is empty");
  }
  for (const { Create, Update, Delete } of updates) checkOneAction([Create, Update, Delete]);
  if (updates.filter(isOnline).length > 1) {
    throw new ServiceError(
      "LimitExceededException",
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table",
    );
  }
  let attributeTypes = { ...table.record.attributeTypes, ...readAttributeTypes(input.AttributeDefinitions) };
  // Throughput of indexes comes and goes with that of the table.
  let indexes: IndexRecord[] = table.record.indexes.map((index) =>
    throughput ? index : { ...index, throughput: undefined },
  );
  for (const { Create: creation, Update: update, Delete: deletion } of updates) {
    if (creation) {
      if (indexes.some(({ name }) => name === creation.IndexName)) {
        throw invalid("Attempting to create an index which already exists");
      }
      const created = readIndex(
        "global",
        "globalSecondaryIndexUpdates.1.member.create",
        creation,
        attributeTypes,
        activeAt,
      );
      checkIndexThroughput(created, throughput);
      indexes = [...indexes, created];
    }
    if (deletion) {
      indexOf(indexes, deletion.IndexName, "delete");
      indexes = indexes.filter(({ name }) => name !== deletion.IndexName);
    }
    if (update) {
      refuseParameters("an index", update, ["OnDemandThroughput", "WarmThroughput"]);
      const changed = {
        ...indexOf(indexes, update.IndexName, "update"),
        throughput: readThroughput(update.ProvisionedThroughput ?? {}),
      };
      checkIndexThroughput(changed, throughput);
      indexes = indexes.map((index) => (index.name === changed.name ? changed : index));
    }
  }
  // Attributes that only a deleted index used are forgotten.
  const used = new Set(
    [table.record.keys, ...indexes.map(({ keys }) => keys)].flatMap(({ hash, sort }) => [hash, sort]),
  );
  attributeTypes = Object.fromEntries(Object.entries(attributeTypes).filter(([name]) => used.has(name)));
  checkIndexes(table.record.keys, attributeTypes, indexes);
  return { indexes, attributeTypes };
}

function checkOneAction(actions: readonly unknown[]): void {
  const count = actions.filter((action) => action !== undefined).length;
  if (count > 1) {
    throw invalidParameters("Only one global secondary index action is allowed per GlobalSecondaryIndexUpdate object");
  }
  if (count === 0) {
    throw invalidParameters(
      "One of GlobalSecondaryIndexUpdate.Update, GlobalSecondaryIndexUpdate.Create, GlobalSecondaryIndexUpdate.Delete must not be null",
    );
  }
}

function indexOf(indexes: readonly IndexRecord[], name: string | undefined, verb: string): IndexRecord {
  const index = indexes.find((one) => one.name === name);
  if (index?.kind === "global") return index;
  if (index) throw invalid(`Cannot ${verb} an index that is not a GlobalSecondaryIndex: ${index.name}`);
  throw new ServiceError(
    "ResourceNotFoundException",
    `Requested resource not found: Index: ${name ?? "null"} not found`,
  );
}

function readStreamChange(table: Table, input: UpdateTableCommandInput): ReturnType<typeof readStream> | "same" {
  if (!input.StreamSpecification) return "same";
  const view = readStream(input.StreamSpecification, "update");
  if (view && table.record.stream)
    throw invalid(`Table already has an enabled stream: TableName: ${table.record.name}`);
  if (!view && !table.record.stream) {
    throw invalid(`Table has no stream to disable: TableName: ${table.record.name}`);
  }
  return view;
}
