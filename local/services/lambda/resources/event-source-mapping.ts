/** AWS::Lambda::EventSourceMapping. */
import type { CreateEventSourceMappingRequest } from "@aws-sdk/client-lambda";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider, ResourceState } from "../../../core/service.ts";
import { arnOf } from "../event-source-mappings/describe.ts";
import type { LambdaService } from "../lambda-service.ts";
import { boolean, defined, differs, fields, list, number, text, texts } from "./properties.ts";
import { unlessGone } from "./version-and-alias.ts";

const REPLACING = ["EventSourceArn", "StartingPosition", "StartingPositionTimestamp"];

export const eventSourceMappingProvider = (lambda: LambdaService): ResourceProvider => {
  const stateOf = (uuid: string): ResourceState => ({
    physicalId: uuid,
    attributes: { Id: uuid, EventSourceMappingArn: arnOf(lambda, uuid) },
  });
  return {
    known: {
      BatchSize: true,
      BisectBatchOnFunctionError: true,
      DestinationConfig: { OnFailure: { Destination: true } },
      Enabled: true,
      EventSourceArn: true,
      FilterCriteria: { Filters: [{ Pattern: true }] },
      FunctionName: true,
      FunctionResponseTypes: true,
      MaximumBatchingWindowInSeconds: true,
      MaximumRecordAgeInSeconds: true,
      MaximumRetryAttempts: true,
      ParallelizationFactor: true,
      ScalingConfig: { MaximumConcurrency: true },
      StartingPosition: true,
      Tags: [{ Key: true, Value: true }],
    },
    async create(properties) {
      const input = mappingOf(properties);
      const { UUID: uuid = "" } = await lambda.cloud.call("lambda", "CreateEventSourceMapping", input, ACCOUNT);
      return stateOf(uuid);
    },
    async update(uuid, properties, previous) {
      if (differs(REPLACING, properties, previous)) return "replace";
      const { EventSourceArn: _arn, StartingPosition: _position, ...changes } = mappingOf(properties);
      const reset = {
        FilterCriteria: { Filters: [] },
        FunctionResponseTypes: [],
        Enabled: true,
        ...(properties["ScalingConfig"] === undefined &&
          previous["ScalingConfig"] !== undefined && { ScalingConfig: {} }),
      };
      await lambda.cloud.call("lambda", "UpdateEventSourceMapping", { UUID: uuid, ...reset, ...changes }, ACCOUNT);
      return stateOf(uuid);
    },
    async delete(uuid) {
      await unlessGone(lambda.cloud.call("lambda", "DeleteEventSourceMapping", { UUID: uuid }, ACCOUNT));
    },
  };
};

function mappingOf(properties: Properties): CreateEventSourceMappingRequest {
  const filters = list(fields(properties["FilterCriteria"])?.["Filters"]);
  const scaling = fields(properties["ScalingConfig"]);
  // The operation checks the values; here they only get their types.
  return defined({
    EventSourceArn: text(properties["EventSourceArn"]),
    FunctionName: text(properties["FunctionName"]),
    BatchSize: number(properties, "BatchSize"),
    MaximumBatchingWindowInSeconds: number(properties, "MaximumBatchingWindowInSeconds"),
    MaximumRecordAgeInSeconds: number(properties, "MaximumRecordAgeInSeconds"),
    MaximumRetryAttempts: number(properties, "MaximumRetryAttempts"),
    ParallelizationFactor: number(properties, "ParallelizationFactor"),
    BisectBatchOnFunctionError: boolean(properties["BisectBatchOnFunctionError"]),
    Enabled: boolean(properties["Enabled"]),
    StartingPosition: text(properties["StartingPosition"]),
    FunctionResponseTypes: texts(properties["FunctionResponseTypes"]),
    ScalingConfig: scaling && defined({ MaximumConcurrency: number(scaling, "MaximumConcurrency") }),
    DestinationConfig: fields(properties["DestinationConfig"]),
    FilterCriteria: filters && {
      Filters: filters.map((filter) => ({ Pattern: patternText(fields(filter)?.["Pattern"]) })),
    },
  }) as CreateEventSourceMappingRequest;
}

const patternText = (pattern: unknown): string =>
  typeof pattern === "string" ? pattern : JSON.stringify(pattern ?? null);
