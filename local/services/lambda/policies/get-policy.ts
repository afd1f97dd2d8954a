import type { Handler } from "../../../core/service.ts";
import { notFound } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

export const getPolicy =
  (lambda: LambdaService): Handler<LAMBDA, "GetPolicy"> =>
  (input) => {
    const { name, qualifier } = readFunctionName(input.FunctionName, input.Qualifier);
    lambda.functions.resolve({ name, qualifier });
    const policy = lambda.policies.get(name, qualifier);
    if (policy === undefined) throw notFound("The resource you requested does not exist.");
    const document = { Version: "2012-10-17", Id: "default", Statement: policy.statements };
    return { Policy: JSON.stringify(document), RevisionId: policy.revisionId };
  };
