import type { FunctionSpec } from "../../lambda/function-spec.ts";
import { type FunctionRecord, type Functions, LATEST, type VersionRecord } from "./store.ts";

/** What the runtime runs for a version of a function. */
export function specOf(functions: Functions, record: FunctionRecord, version: VersionRecord): FunctionSpec {
  const { configuration } = version;
  const { logging } = configuration;
  return {
    name: record.name,
    version: version.version,
    arn: functions.arn(record.name),
    revision: version.version === LATEST ? version.revisionId : "published",
    code: version.code,
    handler: configuration.handler,
    runtime: configuration.runtime,
    timeoutSeconds: configuration.timeoutSeconds,
    memoryMb: configuration.memoryMb,
    variables: configuration.variables,
    roleArn: configuration.roleArn,
    isTraced: configuration.tracing === "Active",
    logging: { ...logging, isShared: logging.group !== `/aws/lambda/${record.name}` },
  };
}
