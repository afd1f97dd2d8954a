/** PutFunctionRecursionConfig and GetFunctionRecursionConfig: whether a function in a loop is stopped. */
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";

export const putFunctionRecursionConfig =
  ({ functions }: LambdaService): Handler<LAMBDA, "PutFunctionRecursionConfig"> =>
  (input) => {
    new Constraints()
      .text("recursiveLoop", input.RecursiveLoop, { required: true, oneOf: ["Allow", "Terminate"] })
      .check();
    const record = functions.get(readFunctionName(input.FunctionName).name);
    const recursion = input.RecursiveLoop ?? record.recursion;
    functions.save({ ...record, recursion });
    return { RecursiveLoop: recursion };
  };

export const getFunctionRecursionConfig =
  ({ functions }: LambdaService): Handler<LAMBDA, "GetFunctionRecursionConfig"> =>
  (input) => ({ RecursiveLoop: functions.get(readFunctionName(input.FunctionName).name).recursion });
