/** Reads arguments of intrinsic functions; the wrong type is a problem that names the function. */
import { isArray, isObject, typeName, type Json, type JsonObject } from "../json.ts";
import { IntrinsicProblem } from "./function.ts";

const wrong = (functionName: string, position: number, expected: string, value: Json | undefined): never => {
  throw new IntrinsicProblem(`argument ${position + 1} of ${functionName} must be ${expected}, not ${typeName(value)}`);
};

export const listAt = (args: readonly Json[], position: number, functionName: string): readonly Json[] => {
  const value = args[position];
  return isArray(value) ? value : wrong(functionName, position, "an array", value);
};

export const textAt = (args: readonly Json[], position: number, functionName: string): string => {
  const value = args[position];
  return typeof value === "string" ? value : wrong(functionName, position, "a string", value);
};

export const numberAt = (args: readonly Json[], position: number, functionName: string): number => {
  const value = args[position];
  return typeof value === "number" ? value : wrong(functionName, position, "a number", value);
};

export const objectAt = (args: readonly Json[], position: number, functionName: string): JsonObject => {
  const value = args[position];
  return isObject(value) ? value : wrong(functionName, position, "an object", value);
};

/** Fractions are rounded to the nearest integer (Intrinsics, Step Functions developer guide). */
export const integerAt = (args: readonly Json[], position: number, functionName: string): number =>
  Math.round(numberAt(args, position, functionName));
