/** UpdateStateMachine. */
import type * as SFN from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import type { Store } from "../store.ts";
import { refuseEncryption } from "./create-state-machine.ts";
import { checkLogDelivery } from "./log-delivery.ts";
import { checkDefinition, checkRoleArn, readLogging } from "./settings.ts";
import { publish } from "./versions.ts";

/** Running executions go on with what they were started with. */
export const updateStateMachine =
  (store: Store): Handler<typeof SFN, "UpdateStateMachine"> =>
  (input) => {
    const record = store.machine(input.stateMachineArn);
    const { definition, roleArn, loggingConfiguration, tracingConfiguration } = input;
    if (
      [definition, roleArn, loggingConfiguration, tracingConfiguration, input.encryptionConfiguration].every(
        (value) => value === undefined,
      ) &&
      !input.publish
    ) {
      throw new ServiceError(
        "MissingRequiredParameter",
        "Either the definition, the role ARN, the LoggingConfiguration, or the TracingConfiguration must be specified",
      );
    }
    if (input.versionDescription !== undefined && !input.publish) {
      throw new ServiceError("ValidationException", "Version description can only be set when publish is true");
    }
    refuseEncryption(input.encryptionConfiguration);
    const before = record.settings;
    const revisionId = store.cloud.uuid();
    const settings = {
      type: before.type,
      definition: definition === undefined ? before.definition : checkDefinition(definition, before.type),
      roleArn: roleArn === undefined ? before.roleArn : checkRoleArn(roleArn),
      logging: loggingConfiguration === undefined ? before.logging : readLogging(loggingConfiguration),
      tracing: tracingConfiguration?.enabled ?? before.tracing,
      revisionId,
    };
    checkLogDelivery(store.cloud, settings);
    record.settings = settings;
    record.updateDate = store.now();
    store.machines.set(record.arn, record);
    const version = input.publish ? publish(store, record, input.versionDescription) : undefined;
    return {
      updateDate: new Date(record.updateDate),
      revisionId,
      ...(version ? { stateMachineVersionArn: version.arn } : {}),
    };
  };
