import type { EventSourceMappingConfiguration } from "@aws-sdk/client-lambda";
import type { Mapping } from "../../../lambda/event-sources/mapping.ts";
import { notFound } from "../errors.ts";
import type { LambdaService } from "../lambda-service.ts";
import { kindOf } from "./source-access.ts";

/** A mapping as operations answer it. While an operation is being carried out AWS answers `Creating`, `Updating`, `Deleting`. */
export function describe(lambda: LambdaService, mapping: Mapping, state?: string): EventSourceMappingConfiguration {
  const { reference, patterns } = mapping;
  const isStream = kindOf(mapping.eventSourceArn) === "stream";
  return {
    UUID: mapping.uuid,
    EventSourceMappingArn: arnOf(lambda, mapping.uuid),
    EventSourceArn: mapping.eventSourceArn,
    FunctionArn: lambda.functions.arn(reference.name, reference.qualifier),
    BatchSize: mapping.batchSize,
    MaximumBatchingWindowInSeconds: mapping.windowSeconds,
    FunctionResponseTypes: mapping.reportsItemFailures ? ["ReportBatchItemFailures"] : [],
    LastModified: new Date(mapping.modifiedAt),
    State: state ?? (mapping.isEnabled ? "Enabled" : "Disabled"),
    StateTransitionReason: "USER_INITIATED",
    ...(patterns.length > 0 && { FilterCriteria: { Filters: patterns.map((Pattern) => ({ Pattern })) } }),
    ...(mapping.maximumConcurrency !== undefined && {
      ScalingConfig: { MaximumConcurrency: mapping.maximumConcurrency },
    }),
    ...(isStream && streamMembers(mapping)),
  };
}

const streamMembers = (mapping: Mapping): Partial<EventSourceMappingConfiguration> => ({
  ...(mapping.startingPosition !== undefined && { StartingPosition: mapping.startingPosition }),
  BisectBatchOnFunctionError: mapping.bisects,
  MaximumRetryAttempts: mapping.maximumRetries,
  MaximumRecordAgeInSeconds: mapping.maximumAgeSeconds,
  ParallelizationFactor: mapping.parallelization,
  TumblingWindowInSeconds: 0,
  LastProcessingResult: "No records processed",
  DestinationConfig: { OnFailure: mapping.onFailure === undefined ? {} : { Destination: mapping.onFailure } },
});

export const arnOf = ({ cloud }: LambdaService, uuid: string): string =>
  cloud.arn("lambda", `event-source-mapping:${uuid}`);

/** Throws ResourceNotFoundException. */
export function findMapping(lambda: LambdaService, uuid: string | undefined): Mapping {
  const mapping = lambda.eventSources.get(uuid ?? "");
  if (mapping === undefined) throw notFound("The resource you requested does not exist.");
  return mapping;
}
