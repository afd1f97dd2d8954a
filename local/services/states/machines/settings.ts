/** Reads what a caller says about a state machine, with the checks and defaults of the API. */
import type { LoggingConfiguration } from "@aws-sdk/client-sfn";
import { ServiceError } from "../../../core/errors.ts";
import type { Logging, MachineType } from "../records.ts";
import { diagnose } from "./validate.ts";

/** Definitions may have 1 MB (API Reference). */
const MAX_DEFINITION = 1_048_576;

/** Throws InvalidDefinition with the diagnostics, the way the API words them. */
export function checkDefinition(definition: string | undefined, type: MachineType): string {
  if (definition === undefined || definition.length === 0 || definition.length > MAX_DEFINITION) {
    throw new ServiceError(
      "InvalidDefinition",
      "Invalid State Machine Definition: 'SCHEMA_VALIDATION_FAILED: Definition must be a valid JSON object'",
    );
  }
  const problems = diagnose(definition, type).filter(({ severity }) => severity === "ERROR");
  if (problems.length === 0) return definition;
  const text = problems.map(
    ({ code, message, location }) =>
      `${code}: ${message}${location === undefined || code === "INVALID_JSON_DESCRIPTION" ? "" : ` at ${location}`}`,
  );
  throw new ServiceError("InvalidDefinition", `Invalid State Machine Definition: '${text.join(", ")}'`);
}

/** Throws InvalidArn. */
export function checkRoleArn(roleArn: string | undefined): string {
  if (roleArn === undefined || !/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(roleArn))
    throw new ServiceError("InvalidArn", `Invalid Role Arn: '${roleArn ?? ""}'`);
  return roleArn;
}

/** Throws InvalidLoggingConfiguration. */
export function readLogging(input: LoggingConfiguration | undefined): Logging {
  const level = input?.level ?? "OFF";
  const destinations = (input?.destinations ?? []).flatMap(
    ({ cloudWatchLogsLogGroup }) => cloudWatchLogsLogGroup?.logGroupArn ?? [],
  );
  if (level !== "OFF" && destinations.length !== 1) {
    throw new ServiceError(
      "InvalidLoggingConfiguration",
      "Invalid Logging Configuration: Must specify exactly one Log Destination.",
    );
  }
  for (const arn of destinations) {
    if (!/^arn:aws[\w-]*:logs:[^:]+:\d{12}:log-group:[^:]+:\*$/.test(arn)) {
      throw new ServiceError(
        "InvalidLoggingConfiguration",
        "Invalid Logging Configuration: Log Destination must be a CloudWatch log group ARN that ends with ':*'.",
      );
    }
  }
  return { level, includeExecutionData: input?.includeExecutionData ?? false, destinations };
}

export const writeLogging = ({ level, includeExecutionData, destinations }: Logging): LoggingConfiguration => ({
  level,
  includeExecutionData,
  ...(destinations.length > 0
    ? { destinations: destinations.map((logGroupArn) => ({ cloudWatchLogsLogGroup: { logGroupArn } })) }
    : {}),
});
