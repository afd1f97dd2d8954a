/** What an event source mapping may be configured with, by the kind of its source. */
import type { CreateEventSourceMappingRequest, UpdateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import type { Mapping } from "../../../lambda/event-sources/mapping.ts";
import { Constraints } from "../../constraints.ts";
import { invalid, unsupported } from "../errors.ts";

type Wanted = Omit<CreateEventSourceMappingRequest & UpdateEventSourceMappingRequest, "FunctionName" | "UUID">;
type Parameters = Omit<Mapping, "uuid" | "eventSourceArn" | "reference" | "isEnabled" | "modifiedAt" | "tags">;

const UNSUPPORTED = [
  "TumblingWindowInSeconds",
  "Topics",
  "Queues",
  "SourceAccessConfigurations",
  "SelfManagedEventSource",
  "AmazonManagedKafkaEventSourceConfig",
  "SelfManagedKafkaEventSourceConfig",
  "DocumentDBEventSourceConfig",
  "ProvisionedPollerConfig",
  "StartingPositionTimestamp",
  "MetricsConfig",
  "KMSKeyArn",
] as const;

/** Members that only streams have. */
const STREAM_ONLY = [
  "StartingPosition",
  "BisectBatchOnFunctionError",
  "MaximumRetryAttempts",
  "MaximumRecordAgeInSeconds",
  "ParallelizationFactor",
] as const;

export type SourceKind = "queue" | "fifo-queue" | "stream";

/** What is not mentioned stays as before, or has Lambda's default. Throws what Lambda answers to bad values. */
export function parametersOf(kind: SourceKind, wanted: Wanted, before?: Mapping): Parameters {
  check(kind, wanted);
  const isStream = kind === "stream";
  const parameters: Parameters = {
    batchSize: wanted.BatchSize ?? before?.batchSize ?? (isStream ? 100 : 10),
    windowSeconds: wanted.MaximumBatchingWindowInSeconds ?? before?.windowSeconds ?? 0,
    patterns: wanted.FilterCriteria ? patternsOf(wanted.FilterCriteria) : (before?.patterns ?? []),
    reportsItemFailures:
      wanted.FunctionResponseTypes?.includes("ReportBatchItemFailures") ?? before?.reportsItemFailures ?? false,
    maximumConcurrency: wanted.ScalingConfig ? wanted.ScalingConfig.MaximumConcurrency : before?.maximumConcurrency,
    startingPosition: startingPositionOf(wanted) ?? before?.startingPosition,
    bisects: wanted.BisectBatchOnFunctionError ?? before?.bisects ?? false,
    maximumRetries: wanted.MaximumRetryAttempts ?? before?.maximumRetries ?? -1,
    maximumAgeSeconds: wanted.MaximumRecordAgeInSeconds ?? before?.maximumAgeSeconds ?? -1,
    parallelization: wanted.ParallelizationFactor ?? before?.parallelization ?? 1,
    onFailure: wanted.DestinationConfig
      ? wanted.DestinationConfig.OnFailure?.Destination || undefined
      : before?.onFailure,
  };
  if (isStream && parameters.startingPosition === undefined)
    new Constraints().present("startingPosition", undefined).check();
  if (!isStream && parameters.batchSize > 10 && parameters.windowSeconds === 0)
    throw invalid("Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10");
  return parameters;
}

function check(kind: SourceKind, wanted: Wanted): void {
  for (const name of UNSUPPORTED) if (wanted[name] !== undefined) throw unsupported(`${name} of event source mappings`);
  new Constraints()
    .number("batchSize", wanted.BatchSize, { min: 1, max: kind === "fifo-queue" ? 10 : 10_000 })
    .number("maximumBatchingWindowInSeconds", wanted.MaximumBatchingWindowInSeconds, { min: 0, max: 300 })
    .number("maximumRetryAttempts", wanted.MaximumRetryAttempts, { min: -1, max: 10_000 })
    .number("maximumRecordAgeInSeconds", wanted.MaximumRecordAgeInSeconds, { min: -1, max: 604_800 })
    .number("parallelizationFactor", wanted.ParallelizationFactor, { min: 1, max: 10 })
    .number("scalingConfig.maximumConcurrency", wanted.ScalingConfig?.MaximumConcurrency, { min: 2, max: 1_000 })
    .text("startingPosition", wanted.StartingPosition, { oneOf: ["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"] })
    .check();
  if (kind === "stream") {
    if (wanted.ScalingConfig !== undefined) throw invalid("ScalingConfig is only supported for SQS event sources.");
    return;
  }
  for (const name of STREAM_ONLY)
    if (wanted[name] !== undefined) throw invalid(`Unsupported ${name} parameter for given event source mapping type.`);
  if (wanted.DestinationConfig !== undefined)
    throw invalid("Unsupported DestinationConfig parameter for given event source mapping type.");
  if (kind === "fifo-queue" && (wanted.MaximumBatchingWindowInSeconds ?? 0) > 0)
    throw invalid("Batching window is not supported for FIFO queues.");
}

function startingPositionOf({ StartingPosition: position }: Wanted): Mapping["startingPosition"] {
  if (position === "AT_TIMESTAMP") throw invalid("Unsupported starting position for stream type: [AT_TIMESTAMP]");
  return position;
}

/** "Filtering basics": up to five patterns, each an object in JSON. */
function patternsOf({ Filters: filters }: NonNullable<Wanted["FilterCriteria"]>): string[] {
  const patterns = (filters ?? []).map(({ Pattern }) => Pattern ?? "");
  if (patterns.length > 5) throw invalid("FilterCriteria can have at most 5 filters.");
  for (const pattern of patterns) {
    if (pattern.length > 4096 || !isObject(pattern)) throw invalid("Invalid filter pattern definition.");
  }
  return patterns;
}

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
