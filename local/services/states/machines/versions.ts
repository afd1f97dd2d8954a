/** Versions: PublishStateMachineVersion, DeleteStateMachineVersion, ListStateMachineVersions. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { readMachineArn } from "../arns.ts";
import { page } from "../paging.ts";
import type { MachineRecord, VersionRecord } from "../records.ts";
import type { Store } from "../store.ts";

/** Freezes the machine as it is. Without a change since the latest version that one is answered again. */
export function publish(store: Store, machine: MachineRecord, description: string | undefined): VersionRecord {
  const [latest] = store.versionsOf(machine.arn);
  if (latest && JSON.stringify(latest.settings) === JSON.stringify(machine.settings)) return latest;
  machine.lastVersion++;
  store.machines.set(machine.arn, machine);
  const arn = `${machine.arn}:${machine.lastVersion}`;
  const version: VersionRecord = {
    arn,
    machineArn: machine.arn,
    number: machine.lastVersion,
    settings: machine.settings,
    description,
    creationDate: store.now(),
  };
  store.versions.set(arn, version);
  return version;
}

export const publishStateMachineVersion =
  (store: Store): Handler<typeof SFN, "PublishStateMachineVersion"> =>
  ({ stateMachineArn, revisionId, description }) => {
    const machine = store.machine(stateMachineArn);
    const current = machine.settings.revisionId ?? "INITIAL";
    if (revisionId !== undefined && revisionId !== current) {
      throw new ServiceError(
        "ConflictException",
        `Failed to publish the State Machine version for revision ${revisionId}. The current State Machine revision is ${current}.`,
      );
    }
    const version = publish(store, machine, description);
    return { stateMachineVersionArn: version.arn, creationDate: new Date(version.creationDate) };
  };

/** Deleting what is not there is no error; a version that an alias leads to is kept. */
export const deleteStateMachineVersion =
  (store: Store): Handler<typeof SFN, "DeleteStateMachineVersion"> =>
  ({ stateMachineVersionArn }) => {
    const { machine, qualifier } = readMachineArn(stateMachineVersionArn);
    if (qualifier === undefined || stateMachineVersionArn === undefined || !/^\d+$/.test(qualifier)) {
      throw new ServiceError(
        "InvalidArn",
        `Invalid Arn: 'Resource type not valid in this context: ${stateMachineVersionArn ?? ""}'`,
      );
    }
    const users = store
      .aliasesOf(machine)
      .filter(({ routing }) => routing.some(({ versionArn }) => versionArn === stateMachineVersionArn));
    if (users.length > 0) {
      const names = users.map(({ name }) => name).join(", ");
      throw new ServiceError(
        "ConflictException",
        `Version to be deleted must not be referenced by an alias. Current list of aliases referencing this version: [${names}]`,
      );
    }
    store.versions.delete(stateMachineVersionArn);
    return {};
  };

/** Newest first. */
export const listStateMachineVersions =
  (store: Store): Handler<typeof SFN, "ListStateMachineVersions"> =>
  ({ stateMachineArn, maxResults, nextToken }) => {
    const machine = store.machine(stateMachineArn);
    const { items, ...rest } = page(store.versionsOf(machine.arn), `versions ${machine.arn}`, maxResults, nextToken);
    return {
      stateMachineVersions: items.map(({ arn, creationDate }) => ({
        stateMachineVersionArn: arn,
        creationDate: new Date(creationDate),
      })),
      ...rest,
    };
  };
