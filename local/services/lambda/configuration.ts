/** A version's configuration: from what callers ask for, to what they are answered. */
import type { CreateFunctionRequest, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { Constraints } from "../constraints.ts";
import { invalid, unsupported } from "./errors.ts";
import { type Configuration, type FunctionRecord, type Functions, LATEST, type VersionRecord } from "./store.ts";

type Wanted = Partial<
  Pick<
    CreateFunctionRequest,
    | "Handler"
    | "Runtime"
    | "Role"
    | "Description"
    | "Timeout"
    | "MemorySize"
    | "Environment"
    | "DeadLetterConfig"
    | "TracingConfig"
    | "Architectures"
    | "Layers"
    | "EphemeralStorage"
    | "KMSKeyArn"
    | "SnapStart"
    | "LoggingConfig"
    | "VpcConfig"
    | "FileSystemConfigs"
    | "ImageConfig"
  >
>;

/** Runtimes that the local cloud runs: it is Node itself. */
const RUNTIME = /^nodejs\d+\.x$/;
/** Set by Lambda ("Defined runtime environment variables"); TZ and a few others may be changed. */
const RESERVED_VARIABLES = new Set([
  "_HANDLER",
  "_X_AMZN_TRACE_ID",
  "AWS_DEFAULT_REGION",
  "AWS_REGION",
  "AWS_EXECUTION_ENV",
  "AWS_LAMBDA_FUNCTION_NAME",
  "AWS_LAMBDA_FUNCTION_MEMORY_SIZE",
  "AWS_LAMBDA_FUNCTION_VERSION",
  "AWS_LAMBDA_INITIALIZATION_TYPE",
  "AWS_LAMBDA_LOG_GROUP_NAME",
  "AWS_LAMBDA_LOG_STREAM_NAME",
  "AWS_ACCESS_KEY",
  "AWS_ACCESS_KEY_ID",
  "AWS_SECRET_ACCESS_KEY",
  "AWS_SESSION_TOKEN",
  "AWS_LAMBDA_RUNTIME_API",
  "LAMBDA_TASK_ROOT",
  "LAMBDA_RUNTIME_DIR",
]);
/** "Lambda quotas": all environment variables together. */
const MOST_VARIABLE_BYTES = 4_096;

/** Checks what a caller wants; whatever it does not mention stays as before, or has Lambda's default. Throws. */
export function configure(name: string, wanted: Wanted, before?: Configuration): Configuration {
  check(wanted);
  const logging = wanted.LoggingConfig;
  const format = logging?.LogFormat ?? before?.logging.format ?? "Text";
  if (format === "Text" && (logging?.ApplicationLogLevel ?? logging?.SystemLogLevel) !== undefined)
    throw invalid(
      "ApplicationLogLevel and SystemLogLevel can only be set when LogFormat is set to JSON in LoggingConfig.",
    );
  const isJson = format === "JSON";
  return {
    handler: wanted.Handler ?? before?.handler ?? "",
    runtime: wanted.Runtime ?? before?.runtime ?? "",
    roleArn: wanted.Role ?? before?.roleArn ?? "",
    description: wanted.Description ?? before?.description ?? "",
    timeoutSeconds: wanted.Timeout ?? before?.timeoutSeconds ?? 3,
    memoryMb: wanted.MemorySize ?? before?.memoryMb ?? 128,
    variables: wanted.Environment?.Variables ?? before?.variables ?? {},
    deadLetterArn: wanted.DeadLetterConfig ? wanted.DeadLetterConfig.TargetArn || undefined : before?.deadLetterArn,
    tracing: wanted.TracingConfig?.Mode ?? before?.tracing ?? "PassThrough",
    architectures: wanted.Architectures ?? before?.architectures ?? ["x86_64"],
    layers: wanted.Layers ?? before?.layers ?? [],
    ephemeralMb: wanted.EphemeralStorage?.Size ?? before?.ephemeralMb ?? 512,
    kmsKeyArn: wanted.KMSKeyArn === undefined ? before?.kmsKeyArn : wanted.KMSKeyArn || undefined,
    snapStart: wanted.SnapStart?.ApplyOn ?? before?.snapStart ?? "None",
    logging: {
      format,
      group: logging?.LogGroup ?? before?.logging.group ?? `/aws/lambda/${name}`,
      applicationLevel: isJson
        ? (logging?.ApplicationLogLevel ?? before?.logging.applicationLevel ?? "INFO")
        : undefined,
      systemLevel: isJson ? (logging?.SystemLogLevel ?? before?.logging.systemLevel ?? "INFO") : undefined,
    },
  };
}

function check(wanted: Wanted): void {
  new Constraints()
    .text("handler", wanted.Handler, { max: 128, pattern: /^[^\s]+$/ })
    .text("role", wanted.Role, { pattern: /^arn:(aws[a-zA-Z-]*)?:iam::\d{12}:role\/?[a-zA-Z_0-9+=,.@\-_/]+$/ })
    .text("description", wanted.Description, { max: 256 })
    .number("timeout", wanted.Timeout, { min: 1, max: 900 })
    .number("memorySize", wanted.MemorySize, { min: 128, max: 10_240 })
    .number("ephemeralStorage.size", wanted.EphemeralStorage?.Size, { min: 512, max: 10_240 })
    .text("tracingConfig.mode", wanted.TracingConfig?.Mode, { oneOf: ["Active", "PassThrough"] })
    .text("deadLetterConfig.targetArn", wanted.DeadLetterConfig?.TargetArn, { pattern: /^(arn:.*)?$/ })
    .text("loggingConfig.logFormat", wanted.LoggingConfig?.LogFormat, { oneOf: ["JSON", "Text"] })
    .text("loggingConfig.logGroup", wanted.LoggingConfig?.LogGroup, {
      min: 1,
      max: 512,
      pattern: /^[.\-_/#A-Za-z0-9]+$/,
    })
    .check();
  if (wanted.Runtime !== undefined && !RUNTIME.test(wanted.Runtime)) throw unsupported(`the runtime ${wanted.Runtime}`);
  if (wanted.ImageConfig !== undefined) throw unsupported("functions from container images");
  if (wanted.FileSystemConfigs?.length) throw unsupported("file systems of functions");
  if ((wanted.Layers?.length ?? 0) > 5) throw invalid("You can not have more than 5 layers attached to a function.");
  checkVariables(wanted.Environment?.Variables ?? {});
}

function checkVariables(variables: Readonly<Record<string, string>>): void {
  const reserved = Object.keys(variables).filter((name) => RESERVED_VARIABLES.has(name));
  if (reserved.length > 0)
    throw invalid(
      `Lambda was unable to configure your environment variables because the environment variables you have provided contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(", ")}`,
    );
  const bytes = Buffer.byteLength(JSON.stringify(variables));
  if (bytes > MOST_VARIABLE_BYTES)
    throw invalid(
      "Lambda was unable to configure your environment variables because the environment variables you have provided exceeded the 4KB limit.",
    );
}

/** As GetFunctionConfiguration answers. Without qualifier the ARN is the function's own. */
export function describe(
  functions: Functions,
  record: FunctionRecord,
  version: VersionRecord,
  options: { readonly qualifiedArn?: string } = {},
): FunctionConfiguration {
  const { configuration } = version;
  const isLatest = version.version === LATEST;
  const { logging } = configuration;
  const arn = options.qualifiedArn ?? functions.arn(record.name, isLatest ? undefined : version.version);
  return {
    FunctionName: record.name,
    FunctionArn: arn,
    Runtime: configuration.runtime as NonNullable<FunctionConfiguration["Runtime"]>,
    Role: configuration.roleArn,
    Handler: configuration.handler,
    CodeSize: version.codeSize,
    CodeSha256: version.codeSha256,
    Description: configuration.description,
    Timeout: configuration.timeoutSeconds,
    MemorySize: configuration.memoryMb,
    LastModified: new Date(version.modifiedAt).toISOString().replace("Z", "+0000"),
    Version: version.version,
    ...(Object.keys(configuration.variables).length > 0 && { Environment: { Variables: configuration.variables } }),
    ...(configuration.deadLetterArn !== undefined && { DeadLetterConfig: { TargetArn: configuration.deadLetterArn } }),
    ...(configuration.kmsKeyArn !== undefined && { KMSKeyArn: configuration.kmsKeyArn }),
    ...(configuration.layers.length > 0 && { Layers: configuration.layers.map((Arn) => ({ Arn })) }),
    TracingConfig: { Mode: configuration.tracing },
    RevisionId: version.revisionId,
    State: "Active",
    LastUpdateStatus: "Successful",
    PackageType: "Zip",
    Architectures: [...configuration.architectures],
    EphemeralStorage: { Size: configuration.ephemeralMb },
    SnapStart: {
      ApplyOn: configuration.snapStart,
      OptimizationStatus: configuration.snapStart === "PublishedVersions" && !isLatest ? "On" : "Off",
    },
    LoggingConfig: {
      LogFormat: logging.format,
      LogGroup: logging.group,
      ...(logging.format === "JSON" && {
        ApplicationLogLevel: (logging.applicationLevel ?? "INFO") as "INFO",
        SystemLogLevel: (logging.systemLevel ?? "INFO") as "INFO",
      }),
    },
  };
}
