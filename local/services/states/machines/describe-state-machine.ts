/** DescribeStateMachine, ListStateMachines, DeleteStateMachine, ValidateStateMachineDefinition. */
import type * as SFN from "@aws-sdk/client-sfn";
import type { Handler } from "../../../core/service.ts";
import { readMachineArn } from "../arns.ts";
import { page } from "../paging.ts";
import type { Settings } from "../records.ts";
import type { Store } from "../store.ts";
import { writeLogging } from "./settings.ts";
import { diagnose } from "./validate.ts";

export const describeSettings = (settings: Settings) => ({
  definition: settings.definition,
  roleArn: settings.roleArn,
  loggingConfiguration: writeLogging(settings.logging),
  tracingConfiguration: { enabled: settings.tracing },
  ...(settings.revisionId === undefined ? {} : { revisionId: settings.revisionId }),
});

/** Of the machine itself, or of a version as it was frozen. */
export const describeStateMachine =
  (store: Store): Handler<typeof SFN, "DescribeStateMachine"> =>
  ({ stateMachineArn, includedData }) => {
    const { qualifier } = readMachineArn(stateMachineArn);
    const machine = store.machine(stateMachineArn);
    const version = qualifier === undefined ? undefined : store.version(stateMachineArn ?? "");
    const settings = version?.settings ?? machine.settings;
    const described = describeSettings(settings);
    return {
      stateMachineArn: version?.arn ?? machine.arn,
      name: machine.name,
      status: "ACTIVE",
      type: settings.type,
      creationDate: new Date(version?.creationDate ?? machine.creationDate),
      ...described,
      ...(includedData === "METADATA_ONLY" ? { definition: "" } : {}),
      ...(version?.description === undefined ? {} : { description: version.description }),
    };
  };

export const listStateMachines =
  (store: Store): Handler<typeof SFN, "ListStateMachines"> =>
  ({ maxResults, nextToken }) => {
    const machines = [...store.machines.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
    const { items, ...rest } = page(machines, "machines", maxResults, nextToken);
    return {
      stateMachines: items.map(({ arn, name, settings, creationDate }) => ({
        stateMachineArn: arn,
        name,
        type: settings.type,
        creationDate: new Date(creationDate),
      })),
      ...rest,
    };
  };

/** Deletes versions and aliases with it. Executions that run go on to their end. Deleting what is not there is no error. */
export const deleteStateMachine =
  (store: Store): Handler<typeof SFN, "DeleteStateMachine"> =>
  ({ stateMachineArn }) => {
    const { machine } = readMachineArn(stateMachineArn);
    for (const version of store.versionsOf(machine)) store.versions.delete(version.arn);
    for (const alias of store.aliasesOf(machine)) store.aliases.delete(alias.arn);
    store.machines.delete(machine);
    return {};
  };

export const validateStateMachineDefinition = (): Handler<typeof SFN, "ValidateStateMachineDefinition"> => (input) => {
  const all = diagnose(input.definition ?? "", input.type ?? "STANDARD").filter(
    ({ severity }) => severity === "ERROR" || input.severity === "WARNING",
  );
  const most = input.maxResults || 100;
  return {
    result: all.some(({ severity }) => severity === "ERROR") ? "FAIL" : "OK",
    diagnostics: all.slice(0, most),
    truncated: all.length > most,
  };
};
