/** The brake: a function without concurrency is not invoked, and its events go to the dead letters. */
import { DeleteFunctionConcurrencyCommand, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import { lambda } from "#shared/clients/lambda";

export async function stop(functions: readonly string[]): Promise<void> {
  await limit(functions, 0);
}

/** Gives a function back what it had: the concurrency that is reserved for it, or its part of what all functions share. */
export async function release(functions: readonly string[], reserved: number | undefined): Promise<void> {
  if (reserved !== undefined) return limit(functions, reserved);
  for (const FunctionName of functions) await lambda.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
}

async function limit(functions: readonly string[], ReservedConcurrentExecutions: number): Promise<void> {
  for (const FunctionName of functions)
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions }));
}
