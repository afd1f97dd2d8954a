/** Put-, Update-, Get-, List- and DeleteFunctionEventInvokeConfig. */
import type { DestinationConfig, FunctionEventInvokeConfig } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { serviceOf } from "../../../lambda/asynchronous/destinations.ts";
import { Constraints } from "../../constraints.ts";
import { invalid, notFound, unsupported } from "../errors.ts";
import { type FunctionReference, readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import { LATEST, type LAMBDA } from "../store.ts";
import type { InvokeConfig } from "./invoke-configs.ts";

interface Wanted {
  readonly MaximumRetryAttempts?: number | undefined;
  readonly MaximumEventAgeInSeconds?: number | undefined;
  readonly DestinationConfig?: DestinationConfig | undefined;
}

/** What is not mentioned is removed. */
export const putFunctionEventInvokeConfig =
  (lambda: LambdaService): Handler<LAMBDA, "PutFunctionEventInvokeConfig"> =>
  (input) =>
    save(lambda, readFunctionName(input.FunctionName, input.Qualifier), input, undefined);

/** What is not mentioned stays. */
export const updateFunctionEventInvokeConfig =
  (lambda: LambdaService): Handler<LAMBDA, "UpdateFunctionEventInvokeConfig"> =>
  (input) => {
    const reference = readFunctionName(input.FunctionName, input.Qualifier);
    return save(lambda, reference, input, find(lambda, reference));
  };

export const getFunctionEventInvokeConfig =
  (lambda: LambdaService): Handler<LAMBDA, "GetFunctionEventInvokeConfig"> =>
  (input) =>
    describe(lambda, find(lambda, readFunctionName(input.FunctionName, input.Qualifier)));

export const listFunctionEventInvokeConfigs =
  (lambda: LambdaService): Handler<LAMBDA, "ListFunctionEventInvokeConfigs"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    lambda.functions.get(name);
    const { items, nextMarker } = pageOf(lambda.invokeConfigs.ofFunction(name), input.Marker, input.MaxItems);
    return {
      FunctionEventInvokeConfigs: items.map((config) => describe(lambda, config)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };

export const deleteFunctionEventInvokeConfig =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteFunctionEventInvokeConfig"> =>
  (input) => {
    const { functionName, qualifier } = find(lambda, readFunctionName(input.FunctionName, input.Qualifier));
    lambda.invokeConfigs.delete(functionName, qualifier);
    return {};
  };

function save(
  lambda: LambdaService,
  reference: FunctionReference,
  wanted: Wanted,
  before: InvokeConfig | undefined,
): FunctionEventInvokeConfig {
  new Constraints()
    .number("maximumRetryAttempts", wanted.MaximumRetryAttempts, { min: 0, max: 2 })
    .number("maximumEventAgeInSeconds", wanted.MaximumEventAgeInSeconds, { min: 60, max: 21_600 })
    .check();
  lambda.functions.resolve(reference);
  const { OnSuccess: success, OnFailure: failure } = wanted.DestinationConfig ?? {};
  const config: InvokeConfig = {
    functionName: reference.name,
    qualifier: reference.qualifier ?? LATEST,
    maximumRetries: wanted.MaximumRetryAttempts ?? before?.maximumRetries,
    maximumAgeSeconds: wanted.MaximumEventAgeInSeconds ?? before?.maximumAgeSeconds,
    onSuccess: success ? destination(success.Destination) : before?.onSuccess,
    onFailure: failure ? destination(failure.Destination) : before?.onFailure,
    modifiedAt: lambda.cloud.clock.now(),
  };
  lambda.invokeConfigs.save(config);
  return describe(lambda, config);
}

function destination(arn: string | undefined): string | undefined {
  if (arn === undefined || arn === "") return undefined;
  const service = serviceOf(arn);
  if (service === "s3") throw unsupported("buckets as destinations of functions");
  if (!["sqs", "sns", "lambda", "events"].includes(service))
    throw invalid(`The provided destination config DestinationConfig is invalid: ${arn}`);
  if (arn.endsWith(".fifo")) throw invalid("Destinations cannot be FIFO queues or topics.");
  return arn;
}

function find(lambda: LambdaService, reference: FunctionReference): InvokeConfig {
  lambda.functions.resolve(reference);
  const config = lambda.invokeConfigs.get(reference.name, reference.qualifier);
  if (config === undefined)
    throw notFound(
      `The function ${lambda.functions.arn(reference.name, reference.qualifier ?? LATEST)} doesn't have an EventInvokeConfig`,
    );
  return config;
}

const describe = ({ functions }: LambdaService, config: InvokeConfig): FunctionEventInvokeConfig => ({
  LastModified: new Date(config.modifiedAt),
  FunctionArn: functions.arn(config.functionName, config.qualifier),
  ...(config.maximumRetries !== undefined && { MaximumRetryAttempts: config.maximumRetries }),
  ...(config.maximumAgeSeconds !== undefined && { MaximumEventAgeInSeconds: config.maximumAgeSeconds }),
  DestinationConfig: {
    OnSuccess: config.onSuccess === undefined ? {} : { Destination: config.onSuccess },
    OnFailure: config.onFailure === undefined ? {} : { Destination: config.onFailure },
  },
});
