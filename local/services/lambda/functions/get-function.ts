import { pathToFileURL } from "node:url";
import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { describe } from "../configuration.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA, Target } from "../store.ts";

export const getFunction =
  (lambda: LambdaService): Handler<LAMBDA, "GetFunction"> =>
  (input) => {
    const { target, configuration } = find(lambda, input.FunctionName, input.Qualifier);
    const { record, version } = target;
    // AWS answers a link for downloading the package; here its files are on this machine.
    const location = version.code.kind === "local" ? pathToFileURL(version.code.folder).href : undefined;
    return {
      Configuration: configuration,
      Code: { RepositoryType: "S3", ...(location !== undefined && { Location: location }) },
      ...(Object.keys(record.tags).length > 0 && { Tags: { ...record.tags } }),
      ...(record.reserved !== undefined && { Concurrency: { ReservedConcurrentExecutions: record.reserved } }),
    };
  };

export const getFunctionConfiguration =
  (lambda: LambdaService): Handler<LAMBDA, "GetFunctionConfiguration"> =>
  (input) =>
    find(lambda, input.FunctionName, input.Qualifier).configuration;

/** Asked for by a qualifier, the ARN has it too. */
function find(
  { functions }: LambdaService,
  functionName: string | undefined,
  qualifier: string | undefined,
): { target: Target; configuration: FunctionConfiguration } {
  const reference = readFunctionName(functionName, qualifier);
  const target = functions.resolve(reference);
  const qualified =
    reference.qualifier === undefined ? {} : { qualifiedArn: functions.arn(reference.name, reference.qualifier) };
  return { target, configuration: describe(functions, target.record, target.version, qualified) };
}
