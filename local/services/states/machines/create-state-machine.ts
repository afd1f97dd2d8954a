/** CreateStateMachine. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { checkName } from "../arns.ts";
import type { MachineRecord } from "../records.ts";
import type { Store } from "../store.ts";
import { tagsFrom } from "../tags.ts";
import { checkLogDelivery } from "./log-delivery.ts";
import { checkDefinition, checkRoleArn, readLogging } from "./settings.ts";
import { publish } from "./versions.ts";

/** The same call again answers the same machine; another definition, type, role or configuration under its name is refused. */
export const createStateMachine =
  (store: Store): Handler<typeof SFN, "CreateStateMachine"> =>
  (input) => {
    const name = checkName(input.name);
    const type = input.type ?? "STANDARD";
    if (input.versionDescription !== undefined && !input.publish) {
      throw new ServiceError("ValidationException", "Version description can only be set when publish is true");
    }
    refuseEncryption(input.encryptionConfiguration);
    const arn = store.cloud.arn("states", `stateMachine:${name}`);
    const settings = {
      type,
      definition: checkDefinition(input.definition, type),
      roleArn: checkRoleArn(input.roleArn),
      logging: readLogging(input.loggingConfiguration),
      tracing: input.tracingConfiguration?.enabled ?? false,
      revisionId: undefined,
    };
    checkLogDelivery(store.cloud, settings);
    const existing = store.machines.get(arn);
    if (existing) {
      const same = JSON.stringify({ ...existing.settings, revisionId: undefined }) === JSON.stringify(settings);
      if (!same) throw new ServiceError("StateMachineAlreadyExists", `State Machine Already Exists: '${arn}'`);
    }
    const now = store.now();
    const record: MachineRecord = existing ?? {
      arn,
      name,
      creationDate: now,
      updateDate: now,
      settings,
      tags: tagsFrom(input.tags),
      lastVersion: 0,
    };
    store.machines.set(arn, record);
    const version = input.publish ? publish(store, record, input.versionDescription) : undefined;
    return {
      stateMachineArn: arn,
      creationDate: new Date(record.creationDate),
      ...(version ? { stateMachineVersionArn: version.arn } : {}),
    };
  };

/** Data is not encrypted here: a customer key would be a promise that is not kept. */
export function refuseEncryption(configuration: SFN.EncryptionConfiguration | undefined): void {
  if (configuration && configuration.type !== "AWS_OWNED_KEY") {
    throw new ServiceError(
      "InvalidEncryptionConfiguration",
      "The local cloud supports encryption with AWS owned keys only",
    );
  }
}
