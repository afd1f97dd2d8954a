import type { AddPermissionRequest } from "@aws-sdk/client-lambda";
import type { Statement } from "../../../core/principal.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { conflict, invalid, preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { LATEST, type LAMBDA } from "../store.ts";

/** Adds a statement to the policy of a function, a version or an alias. */
export const addPermission =
  (lambda: LambdaService): Handler<LAMBDA, "AddPermission"> =>
  (input) => {
    new Constraints()
      .text("statementId", input.StatementId, { required: true, min: 1, max: 100, pattern: /^[\w-]+$/ })
      .text("action", input.Action, { required: true, pattern: /^(lambda:(\*|[a-zA-Z]+)|\*)$/ })
      .text("principal", input.Principal, { required: true, pattern: /^[^\s]+$/ })
      .check();
    const reference = readFunctionName(input.FunctionName, input.Qualifier);
    lambda.functions.resolve(reference);
    if (reference.qualifier === LATEST) throw invalid("We currently do not support adding policies for $LATEST.");
    const current = lambda.policies.get(reference.name, reference.qualifier);
    if (input.RevisionId !== undefined && input.RevisionId !== current?.revisionId) throw preconditionFailed();
    if (current?.statements.some(({ Sid }) => Sid === input.StatementId))
      throw conflict(
        `The statement id (${input.StatementId}) provided already exists. Please provide a new statement id, or remove the existing statement.`,
      );
    const statement = statementOf(input, lambda.functions.arn(reference.name, reference.qualifier));
    lambda.policies.save(reference.name, reference.qualifier, {
      statements: [...(current?.statements ?? []), statement],
      revisionId: lambda.cloud.uuid(),
    });
    return { Statement: JSON.stringify(statement) };
  };

function statementOf(input: AddPermissionRequest, resource: string): Statement {
  const { SourceArn: arn, SourceAccount: account, PrincipalOrgID: org } = input;
  const equals = {
    ...(account !== undefined && { "AWS:SourceAccount": account }),
    ...(org !== undefined && { "aws:PrincipalOrgID": org }),
    ...(input.EventSourceToken !== undefined && { "lambda:EventSourceToken": input.EventSourceToken }),
    ...(input.FunctionUrlAuthType !== undefined && { "lambda:FunctionUrlAuthType": input.FunctionUrlAuthType }),
  };
  const conditions = {
    ...(Object.keys(equals).length > 0 && { StringEquals: equals }),
    ...(arn !== undefined && { ArnLike: { "AWS:SourceArn": arn } }),
    ...(input.InvokedViaFunctionUrl && { Bool: { "lambda:InvokedViaFunctionUrl": "true" } }),
  };
  return {
    Sid: input.StatementId ?? "",
    Effect: "Allow",
    Principal: principalOf(input.Principal ?? ""),
    Action: input.Action ?? "",
    Resource: resource,
    ...(Object.keys(conditions).length > 0 && { Condition: conditions }),
  };
}

/** A service (`s3.amazonaws.com`), an account or an ARN; a bare `*` is everybody. */
function principalOf(principal: string): "*" | Record<string, string> {
  if (principal === "*") return "*";
  if (/^\d{12}$/.test(principal)) return { AWS: `arn:aws:iam::${principal}:root` };
  if (principal.startsWith("arn:")) return { AWS: principal };
  if (/^[\w.-]+\.amazonaws\.com(\.cn)?$/.test(principal)) return { Service: principal };
  throw invalid("The provided principal was invalid. Please check the principal and try again.");
}
