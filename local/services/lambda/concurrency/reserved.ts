/** PutFunctionConcurrency, GetFunctionConcurrency, DeleteFunctionConcurrency. */
import type { Handler } from "../../../core/service.ts";
import { Constraints } from "../../constraints.ts";
import { invalid } from "../errors.ts";
import { readFunctionName } from "../function-name.ts";
import type { LambdaService } from "../lambda-service.ts";
import type { LAMBDA } from "../store.ts";
import { LEAST_UNRESERVED } from "./limits.ts";

export const putFunctionConcurrency =
  (lambda: LambdaService): Handler<LAMBDA, "PutFunctionConcurrency"> =>
  (input) => {
    new Constraints()
      .number("reservedConcurrentExecutions", input.ReservedConcurrentExecutions, { required: true, min: 0 })
      .check();
    const reserved = input.ReservedConcurrentExecutions ?? 0;
    const { name } = readFunctionName(input.FunctionName);
    const record = lambda.functions.get(name);
    const left = lambda.concurrency.unreserved + (record.reserved ?? 0) - reserved;
    if (left < LEAST_UNRESERVED)
      throw invalid(
        `Specified ReservedConcurrentExecutions for function decreases account's UnreservedConcurrentExecution below its minimum value of [${LEAST_UNRESERVED}].`,
      );
    lambda.functions.save({ ...record, reserved });
    return { ReservedConcurrentExecutions: reserved };
  };

export const getFunctionConcurrency =
  (lambda: LambdaService): Handler<LAMBDA, "GetFunctionConcurrency"> =>
  (input) => {
    const { reserved } = lambda.functions.get(readFunctionName(input.FunctionName).name);
    return reserved === undefined ? {} : { ReservedConcurrentExecutions: reserved };
  };

export const deleteFunctionConcurrency =
  (lambda: LambdaService): Handler<LAMBDA, "DeleteFunctionConcurrency"> =>
  (input) => {
    const record = lambda.functions.get(readFunctionName(input.FunctionName).name);
    lambda.functions.save({ ...record, reserved: undefined });
    return {};
  };
