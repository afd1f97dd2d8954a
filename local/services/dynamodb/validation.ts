/** The error of nearly everything that DynamoDB refuses. */
import { isServiceError, ServiceError } from "../../core/errors.ts";

export const invalid = (message: string): ServiceError => new ServiceError("ValidationException", message);

export const invalidParameters = (reason: string): ServiceError =>
  invalid(`One or more parameter values were invalid: ${reason}`);

/** Runs a check; what it refuses is said in another sentence. */
export function rewording<T>(check: () => T, reword: (message: string) => string): T {
  try {
    return check();
  } catch (error) {
    if (isServiceError(error) && error.name === "ValidationException") throw invalid(reword(error.message));
    throw error;
  }
}
