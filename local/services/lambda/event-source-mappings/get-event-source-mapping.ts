import type { Handler } from "../../../core/service.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import type { LAMBDA } from "../store.ts";
import { describe, findMapping } from "./describe.ts";

export const getEventSourceMapping =
  (lambda: LambdaService): Handler<LAMBDA, "GetEventSourceMapping"> =>
  (input) =>
    describe(lambda, findMapping(lambda, input.UUID));

export const listEventSourceMappings =
  (lambda: LambdaService): Handler<LAMBDA, "ListEventSourceMappings"> =>
  (input) => {
    const { EventSourceArn: arn, FunctionName: functionName } = input;
    const reference = functionName === undefined ? undefined : readFunctionName(functionName);
    const wanted = lambda.eventSources
      .all()
      .filter((mapping) => arn === undefined || mapping.eventSourceArn === arn)
      .filter(
        (mapping) =>
          reference === undefined ||
          (mapping.reference.name === reference.name && mapping.reference.qualifier === reference.qualifier),
      );
    const { items, nextMarker } = pageOf(wanted, input.Marker, input.MaxItems, 100);
    return {
      EventSourceMappings: items.map((mapping) => describe(lambda, mapping)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };
