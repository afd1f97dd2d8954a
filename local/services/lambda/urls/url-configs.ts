/** Create-, Update-, Get-, List- and DeleteFunctionUrlConfig. */
import type { FunctionUrlConfig } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { conflict, notFound } from "../errors.ts";
import { type FunctionReference, readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import { LATEST, type LAMBDA } from "../store.ts";
import type { FunctionUrl } from "./store.ts";

const AUTH_TYPES = ["NONE", "AWS_IAM"];
const INVOKE_MODES = ["BUFFERED", "RESPONSE_STREAM"];

export const createFunctionUrlConfig =
  (lambda: LambdaService): Handler<LAMBDA, "CreateFunctionUrlConfig"> =>
  (input) => {
    new Constraints()
      .text("authType", input.AuthType, { required: true, oneOf: AUTH_TYPES })
      .text("invokeMode", input.InvokeMode, { oneOf: INVOKE_MODES })
      .check();
    const { name, qualifier } = referenceOf(lambda, input.FunctionName, input.Qualifier);
    if (lambda.urls.get(name, qualifier))
      throw conflict(
        `Failed to create function url config for [functionArn = ${lambda.functions.arn(name, qualifier)}]. Error message:  FunctionUrlConfig exists for this Lambda function`,
      );
    const now = lambda.cloud.clock.now();
    const url = lambda.urls.save({
      id: lambda.urls.newId(),
      functionName: name,
      qualifier,
      authType: input.AuthType ?? "AWS_IAM",
      cors: input.Cors,
      invokeMode: input.InvokeMode ?? "BUFFERED",
      createdAt: now,
      modifiedAt: now,
    });
    return describe(lambda, url);
  };

export const updateFunctionUrlConfig =
  (lambda: LambdaService): Handler<LAMBDA, "UpdateFunctionUrlConfig"> =>
  (input) => {
    new Constraints()
      .text("authType", input.AuthType, { oneOf: AUTH_TYPES })
      .text("invokeMode", input.InvokeMode, { oneOf: INVOKE_MODES })
      .check();
    const before = find(lambda, referenceOf(lambda, input.FunctionName, input.Qualifier));
    const url = lambda.urls.save({
      ...before,
      authType: input.AuthType ?? before.authType,
      cors: input.Cors ?? before.cors,
      invokeMode: input.InvokeMode ?? before.invokeMode,
      modifiedAt: lambda.cloud.clock.now(),
    });
    return describe(lambda, url);
  };

export const getFunctionUrlConfig =
  (lambda: LambdaService): Handler<LAMBDA, "GetFunctionUrlConfig"> =>
  (input) =>
    describe(lambda, find(lambda, referenceOf(lambda, input.FunctionName, input.Qualifier)));

export const listFunctionUrlConfigs =
  (lambda: LambdaService): Handler<LAMBDA, "ListFunctionUrlConfigs"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    lambda.functions.get(name);
    const { items, nextMarker } = pageOf(lambda.urls.ofFunction(name), input.Marker, input.MaxItems);
    return {
      FunctionUrlConfigs: items.map((url) => describe(lambda, url)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };

export const deleteFunctionUrlConfig =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteFunctionUrlConfig"> =>
  (input) => {
    const { functionName, qualifier } = find(lambda, referenceOf(lambda, input.FunctionName, input.Qualifier));
    lambda.urls.delete(functionName, qualifier);
    return {};
  };

/** The qualifier is an alias, never a version. */
function referenceOf(
  lambda: LambdaService,
  functionName: string | undefined,
  qualifier: string | undefined,
): FunctionReference {
  new Constraints()
    .text("qualifier", qualifier, { pattern: /^(?!^\d+$)^[0-9a-zA-Z-_]+$/, patternText: "(?!^\\d+$)^[0-9a-zA-Z-_]+$" })
    .check();
  const reference = readFunctionName(functionName, qualifier === LATEST ? undefined : qualifier);
  lambda.functions.resolve(reference);
  return reference;
}

function find(lambda: LambdaService, { name, qualifier }: FunctionReference): FunctionUrl {
  const url = lambda.urls.get(name, qualifier);
  if (url === undefined) throw notFound("The resource you requested does not exist.");
  return url;
}

const describe = (lambda: LambdaService, url: FunctionUrl): FunctionUrlConfig => ({
  FunctionUrl: lambda.urls.urlOf(url),
  FunctionArn: lambda.functions.arn(url.functionName, url.qualifier),
  AuthType: url.authType,
  ...(url.cors && { Cors: url.cors }),
  CreationTime: new Date(url.createdAt).toISOString(),
  LastModifiedTime: new Date(url.modifiedAt).toISOString(),
  InvokeMode: url.invokeMode,
});
