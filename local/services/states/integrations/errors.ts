/** Errors of AWS calls as the failures of tasks: `S3.NoSuchKeyException`, `DynamoDB.AmazonDynamoDBException`. */
import { isServiceError, type ServiceError } from "../../../core/errors.ts";
import { StatesFailure } from "../../../states/failure.ts";
import { OPTIMIZED_NAMES, sdkPrefix } from "./names.ts";

/** Codes that no service has as an error of its own: the generic exception of its client stands for them. */
const UNMODELLED =
  /^(AccessDenied(Exception)?|AuthorizationError|InvalidParameterValue|MissingParameter|MissingAction|InternalFailure|NotImplemented|SlowDown|Throttling|Throttled|RequestThrottled|ValidationError|ValidationException|UnrecognizedClientException)$/;
/** Where the names above are modelled after all. */
const MODELLED: Readonly<Record<string, readonly string[]>> = {
  sfn: ["ValidationException"],
  states: ["ValidationException"],
  rekognition: ["AccessDeniedException"],
  scheduler: ["ValidationException"],
};

const exceptionName = (name: string): string => (name.endsWith("Exception") ? name : `${name}Exception`);
const isOwn = (service: string, name: string): boolean =>
  !UNMODELLED.test(name) || (MODELLED[service]?.includes(name) ?? false);
const statusOf = ({ name, status }: ServiceError): number => status ?? (name.startsWith("AccessDenied") ? 403 : 400);

/** Of an `aws-sdk` integration. What is no service's error is a defect and is thrown on. */
export function sdkFailure(service: string, error: unknown, requestId: string): StatesFailure {
  if (!isServiceError(error)) throw error;
  const prefix = sdkPrefix(service);
  const name = isOwn(service, error.name) ? exceptionName(error.name) : `${prefix}Exception`;
  return new StatesFailure(
    `${prefix}.${name}`,
    `${error.message} (Service: ${prefix}, Status Code: ${statusOf(error)}, Request ID: ${requestId})`,
  );
}

/** Of an optimized integration. */
export function optimizedFailure(service: string, error: unknown, requestId: string): StatesFailure {
  if (!isServiceError(error)) throw error;
  const names = OPTIMIZED_NAMES[service] ?? { prefix: service, inCause: service, generic: "Exception" };
  const name = isOwn(service, error.name) ? exceptionName(error.name) : names.generic;
  return new StatesFailure(
    `${names.prefix}.${name}`,
    `${error.message} (Service: ${names.inCause}; Status Code: ${statusOf(error)}; Error Code: ${error.name}; Request ID: ${requestId}; Proxy: null)`,
  );
}
