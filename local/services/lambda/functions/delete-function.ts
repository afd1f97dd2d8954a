import type { Handler } from "../../../core/service.ts";
import { conflict, invalid } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import { specOf } from "../spec.ts";
import { LATEST, type LAMBDA } from "../store.ts";

/** The whole function, or one of its versions. Event source mappings stay, as on AWS. */
export const deleteFunction =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteFunction"> =>
  (input) => {
    const { functions } = lambda;
    const reference = readFunctionName(input.FunctionName, input.Qualifier);
    const { record, version, alias } = functions.resolve(reference);
    if (reference.qualifier === undefined) {
      lambda.deleteFunction(record);
      return {};
    }
    if (alias) throw invalid("Deletion of aliases is not currently supported.");
    if (version.version === LATEST) throw invalid("$LATEST version cannot be deleted without deleting the function.");
    const users = functions
      .aliasesOf(record.name)
      .filter((user) => user.version === version.version || version.version in user.weights);
    if (users.length > 0)
      throw conflict(
        `Version was not deleted because the following aliases reference it: [${users.map(({ name }) => name).join(", ")}]`,
      );
    lambda.runtime.code.forget(`${record.name}:${version.version}`);
    lambda.runtime.retire(specOf(functions, record, version).name);
    functions.deleteVersion(record.name, version.version);
    lambda.policies.deleteQualifier(record.name, version.version);
    return {};
  };
