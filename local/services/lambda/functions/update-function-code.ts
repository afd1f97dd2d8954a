import type { FunctionConfiguration } from "@aws-sdk/client-lambda";
import type { Handler } from "../../../core/service.ts";
import { configure, describe } from "../configuration.ts";
import { preconditionFailed } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { specOf } from "../spec.ts";
import type { LAMBDA } from "../store.ts";
import { publish } from "../versions/publish-version.ts";
import { type Package, readPackage } from "./package.ts";

export const updateFunctionCode =
  (lambda: LambdaService): Handler<LAMBDA, "UpdateFunctionCode"> =>
  async (input, call) => {
    const { name } = readFunctionName(input.FunctionName);
    const record = lambda.functions.get(name);
    if (input.RevisionId !== undefined && input.RevisionId !== record.latest.revisionId) throw preconditionFailed();
    const code = await readPackage(lambda, input, call.principal);
    const architectures = input.Architectures && { Architectures: input.Architectures };
    if (input.DryRun) return describe(lambda.functions, record, { ...record.latest, ...code });
    const updated = changeCode(lambda, name, code, architectures);
    return input.Publish ? publish(lambda, name, {}) : updated;
  };

/** The next invocation runs the new code; running ones end with the old. */
export function changeCode(
  lambda: LambdaService,
  name: string,
  code: Package,
  architectures: { readonly Architectures?: ("arm64" | "x86_64")[] } = {},
): FunctionConfiguration {
  const { functions, cloud } = lambda;
  const record = functions.get(name);
  const latest = {
    ...record.latest,
    ...code,
    configuration: configure(name, architectures, record.latest.configuration),
    revisionId: cloud.uuid(),
    modifiedAt: cloud.clock.now(),
  };
  const updated = functions.save({ ...record, latest });
  lambda.runtime.retire(name);
  lambda.runtime.prepare(specOf(functions, updated, latest));
  return describe(functions, updated, latest);
}
