/** The ways in which a caller may name a function ("Lambda function name formats": name, partial ARN, ARN, each with a qualifier). */
import { ServiceError } from "../../core/errors.ts";
import { Constraints } from "../constraints.ts";
import { invalid } from "./errors.ts";

export interface FunctionReference {
  readonly name: string;
  /** Version number, `$LATEST` or alias. */
  readonly qualifier: string | undefined;
}

const REFERENCE =
  /^(?:arn:aws[\w-]*:lambda:[a-z]{2}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?(?:function:)?([\w-]+)(?::(\$LATEST|[\w-]+))?$/;
const PATTERN_TEXT =
  "(arn:(aws[a-zA-Z-]*)?:lambda:)?([a-z]{2}(-gov)?-[a-z]+-\\d{1}:)?(\\d{12}:)?(function:)?([a-zA-Z0-9-_]+)(:(\\$LATEST|[a-zA-Z0-9-_]+))?";
const LONGEST_NAME = 64;

/** Throws ValidationException, or InvalidParameterValueException when name and qualifier contradict each other. */
export function readFunctionName(text: string | undefined, qualifier?: string): FunctionReference {
  new Constraints().text("functionName", text, { required: true, min: 1, max: 170 }).check();
  const match = REFERENCE.exec(text ?? "");
  const name = match?.[1];
  if (name === undefined || name.length > LONGEST_NAME)
    throw new ServiceError(
      "ValidationException",
      `1 validation error detected: Value '${text}' at 'functionName' failed to satisfy constraint: Member must satisfy regular expression pattern: ${PATTERN_TEXT}`,
    );
  const derived = match?.[2];
  if (derived !== undefined && qualifier !== undefined && derived !== qualifier)
    throw invalid("The derived qualifier from the function name does not match the specified qualifier.");
  return { name, qualifier: qualifier ?? derived };
}

/** As `readFunctionName`, for permissions: undefined instead of an error. */
export function tryReadFunctionName(text: unknown, qualifier: unknown): FunctionReference | undefined {
  const match = typeof text === "string" ? REFERENCE.exec(text) : null;
  if (match?.[1] === undefined) return undefined;
  return { name: match[1], qualifier: typeof qualifier === "string" ? qualifier : match[2] };
}
