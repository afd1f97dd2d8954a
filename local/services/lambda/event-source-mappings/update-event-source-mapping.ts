import type { Handler } from "../../../core/service.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";
import { describe, findMapping } from "./describe.ts";
import { parametersOf } from "./parameters.ts";
import { checkAccess, kindOf } from "./source-access.ts";

export const updateEventSourceMapping =
  (lambda: LambdaService): Handler<LAMBDA, "UpdateEventSourceMapping"> =>
  async (input) => {
    const before = findMapping(lambda, input.UUID);
    const reference = input.FunctionName === undefined ? before.reference : readFunctionName(input.FunctionName);
    const mapping = {
      ...before,
      ...parametersOf(kindOf(before.eventSourceArn), input, before),
      reference,
      isEnabled: input.Enabled ?? before.isEnabled,
      modifiedAt: lambda.cloud.clock.now(),
    };
    await checkAccess(lambda, before.eventSourceArn, lambda.functions.resolve(reference));
    lambda.eventSources.save(mapping);
    return describe(lambda, mapping, "Updating");
  };
