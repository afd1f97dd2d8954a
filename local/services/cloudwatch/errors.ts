/** CloudWatch's refusals. */
import { ServiceError } from "../../core/errors.ts";

export function invalidValue(message: string): never {
  throw new ServiceError("InvalidParameterValueException", message);
}
export function invalidCombination(message: string): never {
  throw new ServiceError("InvalidParameterCombinationException", message);
}
export function missing(parameter: string): never {
  throw new ServiceError("MissingRequiredParameterException", `The parameter ${parameter} is required.`);
}
/** What would change the outcome and is not there is refused rather than ignored. */
export function unsupported(parameter: string): never {
  return invalidValue(`${parameter} is not supported by the local cloud.`);
}
