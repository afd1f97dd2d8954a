/**
 * Put-, Get-, List- and DeleteProvisionedConcurrencyConfig. The configuration is kept and answered; environments start on
 * demand all the same, as threads start in a tenth of a second.
 */
import type { ProvisionedConcurrencyConfigListItem } from "@aws-sdk/client-lambda";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { invalid } from "../errors.ts";
import { type FunctionReference, readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import { LATEST, type LAMBDA } from "../store.ts";

interface Provisioned {
  readonly functionName: string;
  readonly qualifier: string;
  readonly count: number;
  /** Epoch ms. */
  readonly modifiedAt: number;
}

export const putProvisionedConcurrencyConfig =
  (lambda: LambdaService): Handler<LAMBDA, "PutProvisionedConcurrencyConfig"> =>
  (input) => {
    new Constraints()
      .number("provisionedConcurrentExecutions", input.ProvisionedConcurrentExecutions, { required: true, min: 1 })
      .check();
    const { name, qualifier } = referenceOf(lambda, input.FunctionName, input.Qualifier);
    const provisioned: Provisioned = {
      functionName: name,
      qualifier,
      count: input.ProvisionedConcurrentExecutions ?? 1,
      modifiedAt: lambda.cloud.clock.now(),
    };
    all(lambda).set(`${name}:${qualifier}`, provisioned);
    return describe(provisioned);
  };

export const getProvisionedConcurrencyConfig =
  (lambda: LambdaService): Handler<LAMBDA, "GetProvisionedConcurrencyConfig"> =>
  (input) => {
    const { name, qualifier } = referenceOf(lambda, input.FunctionName, input.Qualifier);
    const provisioned = all(lambda).get(`${name}:${qualifier}`);
    if (provisioned === undefined)
      throw new ServiceError(
        "ProvisionedConcurrencyConfigNotFoundException",
        "No Provisioned Concurrency Config found for this function",
        { status: 404, detail: { Type: "User" } },
      );
    return describe(provisioned);
  };

export const listProvisionedConcurrencyConfigs =
  (lambda: LambdaService): Handler<LAMBDA, "ListProvisionedConcurrencyConfigs"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    lambda.functions.get(name);
    const ofFunction = [...all(lambda).values()].filter(({ functionName }) => functionName === name);
    const { items, nextMarker } = pageOf(ofFunction, input.Marker, input.MaxItems);
    const listed = items.map((item) => ({
      FunctionArn: lambda.functions.arn(name, item.qualifier),
      ...describe(item),
    }));
    return { ProvisionedConcurrencyConfigs: listed, ...(nextMarker !== undefined && { NextMarker: nextMarker }) };
  };

export const deleteProvisionedConcurrencyConfig =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteProvisionedConcurrencyConfig"> =>
  (input) => {
    const { name, qualifier } = referenceOf(lambda, input.FunctionName, input.Qualifier);
    all(lambda).delete(`${name}:${qualifier}`);
    return {};
  };

const all = (lambda: LambdaService) => lambda.cloud.storage.map<Provisioned>("lambda.provisioned");

function referenceOf(
  lambda: LambdaService,
  functionName: string | undefined,
  qualifier: string | undefined,
): Required<FunctionReference> & { readonly qualifier: string } {
  const reference = readFunctionName(functionName, qualifier);
  lambda.functions.resolve(reference);
  if (reference.qualifier === undefined || reference.qualifier === LATEST)
    throw invalid("Provisioned Concurrency Configs cannot be applied to unpublished function versions.");
  return { name: reference.name, qualifier: reference.qualifier };
}

const describe = ({ count, modifiedAt }: Provisioned): Omit<ProvisionedConcurrencyConfigListItem, "FunctionArn"> => ({
  RequestedProvisionedConcurrentExecutions: count,
  AvailableProvisionedConcurrentExecutions: count,
  AllocatedProvisionedConcurrentExecutions: count,
  Status: "READY",
  LastModified: new Date(modifiedAt).toISOString().replace("Z", "+0000"),
});
