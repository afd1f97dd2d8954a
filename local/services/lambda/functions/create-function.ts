import type { CreateFunctionRequest, FunctionConfiguration } from "@aws-sdk/client-lambda";
import { ServiceError } from "../../../core/errors.ts";
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { configure, describe } from "../configuration.ts";
import { conflict, invalid, unsupported } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { specOf } from "../spec.ts";
import { type FunctionRecord, LATEST, type LAMBDA } from "../store.ts";
import { publish } from "../versions/publish-version.ts";
import { type Package, readPackage } from "./package.ts";

export const createFunction =
  (lambda: LambdaService): Handler<LAMBDA, "CreateFunction"> =>
  async (input, call) => {
    const { name } = readFunctionName(input.FunctionName);
    checkNew(lambda, name);
    return create(lambda, input, await readPackage(lambda, input.Code ?? {}, call.principal));
  };

/** Also for code that no request can carry: a folder of the repository. Throws what CreateFunction throws. */
export async function create(
  lambda: LambdaService,
  input: Omit<CreateFunctionRequest, "Code">,
  code: Package,
): Promise<FunctionConfiguration> {
  new Constraints().text("role", input.Role, { required: true }).check();
  const { name } = readFunctionName(input.FunctionName);
  checkNew(lambda, name);
  if (input.PackageType === "Image") throw unsupported("functions from container images");
  if (input.Handler === undefined || input.Runtime === undefined)
    throw invalid("Runtime and Handler are mandatory parameters for functions created with deployment packages.");
  const configuration = configure(name, input);
  checkRole(lambda, configuration.roleArn);
  const { functions, cloud } = lambda;
  const record: FunctionRecord = {
    name,
    latest: {
      version: LATEST,
      configuration,
      ...code,
      revisionId: cloud.uuid(),
      modifiedAt: cloud.clock.now(),
    },
    nextVersion: 1,
    reserved: undefined,
    tags: { ...input.Tags },
    recursion: "Terminate",
  };
  lambda.runtime.prepare(specOf(functions, record, record.latest));
  functions.save(record);
  if (input.Publish) return publish(lambda, name, {});
  return describe(functions, record, record.latest);
}

function checkNew(lambda: LambdaService, name: string): void {
  if (lambda.functions.records.has(name)) throw conflict(`Function already exist: ${name}`);
}

interface KnowsTrust {
  trusts(roleArn: string, principal: { readonly kind: "service"; readonly service: string }): boolean;
}

/** Lambda itself must be able to take on the role. Throws InvalidParameterValueException. */
export function checkRole(lambda: LambdaService, roleArn: string): void {
  const iam: object = lambda.cloud.iam;
  // The contract has no question for trust policies; the cloud's own IAM answers it.
  if (!("trusts" in iam)) return;
  if (!(iam as KnowsTrust).trusts(roleArn, { kind: "service", service: "lambda.amazonaws.com" }))
    throw new ServiceError(
      "InvalidParameterValueException",
      "The role defined for the function cannot be assumed by Lambda.",
      { detail: { Type: "User" } },
    );
}
