/** Errors that several operations answer, in Lambda's words. */
import { ServiceError } from "../../core/errors.ts";

const USER = { detail: { Type: "User" } };

export const notFound = (message: string): ServiceError => new ServiceError("ResourceNotFoundException", message, USER);

/** @param arn with qualifier, if one was asked for. */
export const functionNotFound = (arn: string): ServiceError => notFound(`Function not found: ${arn}`);

export const invalid = (message: string): ServiceError =>
  new ServiceError("InvalidParameterValueException", message, USER);

export const conflict = (message: string): ServiceError => new ServiceError("ResourceConflictException", message, USER);

/** Somebody else has changed it since the caller read it. */
export const preconditionFailed = (): ServiceError =>
  new ServiceError(
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId. Call the GetFunction/GetAlias API to retrieve the latest RevisionId",
    USER,
  );

/** What this cloud does not do is refused, never accepted and forgotten. */
export const unsupported = (what: string): ServiceError =>
  new ServiceError("NotImplemented", `The local cloud does not implement ${what}`, { status: 501 });
