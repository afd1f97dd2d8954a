/** All intrinsic functions by name. */
import { arrayFunctions } from "./arrays.ts";
import type { IntrinsicFunction } from "./function.ts";
import { encodingFunctions } from "./encoding.ts";
import { jsonFunctions } from "./json-data.ts";
import { mathFunctions } from "./math.ts";
import { stringFunctions } from "./strings.ts";

export const FUNCTIONS: Readonly<Record<string, IntrinsicFunction>> = {
  ...arrayFunctions,
  ...encodingFunctions,
  ...jsonFunctions,
  ...mathFunctions,
  ...stringFunctions,
};
