import type { FunctionConfiguration, UpdateFunctionConfigurationRequest } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { configure, describe } from "../configuration.ts";
import { preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";
import { checkRole } from "./create-function.ts";

export const updateFunctionConfiguration =
  (lambda: LambdaService): Handler<LAMBDA, "UpdateFunctionConfiguration"> =>
  (input) =>
    changeConfiguration(lambda, input);

/** Throws what UpdateFunctionConfiguration throws. */
export function changeConfiguration(
  lambda: LambdaService,
  input: UpdateFunctionConfigurationRequest,
): FunctionConfiguration {
  const { functions, cloud } = lambda;
  const { name } = readFunctionName(input.FunctionName);
  const record = functions.get(name);
  if (input.RevisionId !== undefined && input.RevisionId !== record.latest.revisionId) throw preconditionFailed();
  const configuration = configure(name, input, record.latest.configuration);
  if (input.Role !== undefined) checkRole(lambda, input.Role);
  const latest = { ...record.latest, configuration, revisionId: cloud.uuid(), modifiedAt: cloud.clock.now() };
  const updated = functions.save({ ...record, latest });
  lambda.runtime.retire(name);
  return describe(functions, updated, latest);
}
