/** Reads what a partner answered. Everything in it is somebody else's: nothing is taken for granted. */
import { AppError } from "#shared/errors";

/** The answer is JSON, but not what the job's pagination says it is. Asking again gets the same. */
export class AnswerUnexpected extends AppError<{ field: string }> {}

/** The partner failed, or gave less than it promised. It may do better when it is asked again. */
export class RetriablePollerError extends AppError {
  override readonly retryable = true;
}

export interface Answer {
  /** What it was asked with. */
  readonly url: string;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: unknown;
}

/** A member by its dotted name, own properties only; nothing is the whole. */
export function at(body: unknown, field: string): unknown {
  if (field === "") return body;
  return field
    .split(".")
    .reduce<unknown>(
      (value, name) =>
        typeof value === "object" && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      body,
    );
}

/** A whole number that is not negative. Throws AnswerUnexpected. */
export function countAt(body: unknown, field: string): number {
  const value = at(body, field);
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= 0) return value;
  throw new AnswerUnexpected(`The partner's answer has no whole number at "${field}"`, { field });
}

/** Throws AnswerUnexpected. */
export function recordsAt(body: unknown, field: string): readonly unknown[] {
  const value = at(body, field);
  if (Array.isArray(value)) return value;
  throw new AnswerUnexpected(`The partner's answer has no list of records at "${field || "its top"}"`, { field });
}
