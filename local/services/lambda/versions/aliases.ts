/** CreateAlias, UpdateAlias, GetAlias, ListAliases, DeleteAlias. */
import type { AliasConfiguration, AliasRoutingConfiguration } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { conflict, functionNotFound, invalid, notFound, preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { pageOf } from "../paging.ts";
import { type AliasRecord, type Functions, LATEST, type LAMBDA } from "../store.ts";

export const createAlias =
  ({ functions, cloud }: LambdaService): Handler<LAMBDA, "CreateAlias"> =>
  (input) => {
    // A name of digits alone could not be told from a version.
    new Constraints()
      .text("name", input.Name, { required: true, min: 1, max: 128, pattern: /^(?!^[0-9]+$)([a-zA-Z0-9-_]+)$/ })
      .text("functionVersion", input.FunctionVersion, { required: true, pattern: /^(\$LATEST|[0-9]+)$/ })
      .text("description", input.Description, { max: 256 })
      .check();
    const { name } = readFunctionName(input.FunctionName);
    functions.get(name);
    const alias: AliasRecord = {
      functionName: name,
      name: input.Name ?? "",
      version: input.FunctionVersion ?? "",
      description: input.Description ?? "",
      weights: weightsOf(input.RoutingConfig),
      revisionId: cloud.uuid(),
    };
    if (functions.alias(name, alias.name)) throw conflict(`Alias already exists: ${functions.arn(name, alias.name)}`);
    checkVersions(functions, alias);
    return describe(functions, functions.saveAlias(alias));
  };

export const updateAlias =
  ({ functions, cloud }: LambdaService): Handler<LAMBDA, "UpdateAlias"> =>
  (input) => {
    const before = find(functions, input.FunctionName, input.Name);
    if (input.RevisionId !== undefined && input.RevisionId !== before.revisionId) throw preconditionFailed();
    const alias: AliasRecord = {
      ...before,
      version: input.FunctionVersion ?? before.version,
      description: input.Description ?? before.description,
      weights: input.RoutingConfig ? weightsOf(input.RoutingConfig) : before.weights,
      revisionId: cloud.uuid(),
    };
    checkVersions(functions, alias);
    return describe(functions, functions.saveAlias(alias));
  };

export const getAlias =
  ({ functions }: LambdaService): Handler<LAMBDA, "GetAlias"> =>
  (input) =>
    describe(functions, find(functions, input.FunctionName, input.Name));

export const listAliases =
  ({ functions }: LambdaService): Handler<LAMBDA, "ListAliases"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    functions.get(name);
    const { FunctionVersion: version } = input;
    const all = functions.aliasesOf(name).filter((alias) => version === undefined || alias.version === version);
    const { items, nextMarker } = pageOf(all, input.Marker, input.MaxItems);
    return {
      Aliases: items.map((alias) => describe(functions, alias)),
      ...(nextMarker !== undefined && { NextMarker: nextMarker }),
    };
  };

/** Deleting what is not there is no error. */
export const deleteAlias =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteAlias"> =>
  (input) => {
    const { name } = readFunctionName(input.FunctionName);
    lambda.functions.get(name);
    if (lambda.functions.deleteAlias(name, input.Name ?? "")) lambda.policies.deleteQualifier(name, input.Name ?? "");
    return {};
  };

function find(functions: Functions, functionName: string | undefined, aliasName: string | undefined): AliasRecord {
  const { name } = readFunctionName(functionName);
  functions.get(name);
  const alias = functions.alias(name, aliasName ?? "");
  if (alias === undefined) throw notFound(`Cannot find alias arn: ${functions.arn(name, aliasName)}`);
  return alias;
}

const weightsOf = (routing: AliasRoutingConfiguration | undefined): Readonly<Record<string, number>> => ({
  ...routing?.AdditionalVersionWeights,
});

/** "Implement Lambda canary deployments using a weighted alias": one further version, neither of them $LATEST. */
function checkVersions(functions: Functions, alias: AliasRecord): void {
  const record = functions.get(alias.functionName);
  const further = Object.entries(alias.weights);
  for (const version of [alias.version, ...further.map(([version]) => version)])
    if (functions.version(record, version) === undefined)
      throw functionNotFound(functions.arn(alias.functionName, version));
  if (further.length === 0) return;
  if (further.length > 1) throw invalid("Number of items in AdditionalVersionWeights cannot be greater than 1");
  if (alias.version === LATEST || LATEST in alias.weights)
    throw invalid("$LATEST is not supported for an alias pointing to more than 1 version");
  for (const [version, weight] of further) {
    if (version === alias.version)
      throw invalid(
        `Invalid function version ${version}. Function version ${version} is already included in routing configuration.`,
      );
    if (!(weight >= 0 && weight <= 1)) throw invalid("Weight must be between 0 and 1");
  }
}

const describe = (functions: Functions, alias: AliasRecord): AliasConfiguration => ({
  AliasArn: functions.arn(alias.functionName, alias.name),
  Name: alias.name,
  FunctionVersion: alias.version,
  Description: alias.description,
  RevisionId: alias.revisionId,
  ...(Object.keys(alias.weights).length > 0 && { RoutingConfig: { AdditionalVersionWeights: { ...alias.weights } } }),
});
