import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { notFound, preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

export const removePermission =
  (lambda: LambdaService): Handler<LAMBDA, "RemovePermission"> =>
  (input) => {
    new Constraints().text("statementId", input.StatementId, { required: true, min: 1, max: 100 }).check();
    const { name, qualifier } = readFunctionName(input.FunctionName, input.Qualifier);
    lambda.functions.resolve({ name, qualifier });
    const policy = lambda.policies.get(name, qualifier);
    if (policy === undefined) throw notFound("No policy is associated with the given resource.");
    if (input.RevisionId !== undefined && input.RevisionId !== policy.revisionId) throw preconditionFailed();
    const statements = policy.statements.filter(({ Sid }) => Sid !== input.StatementId);
    if (statements.length === policy.statements.length)
      throw notFound(`Statement ${input.StatementId} is not found in resource policy.`);
    lambda.policies.save(name, qualifier, { statements, revisionId: lambda.cloud.uuid() });
    return {};
  };
