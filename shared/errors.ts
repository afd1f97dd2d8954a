/** Errors that somebody outside can act on. Everything else that is thrown is a fault of ours. */

/**
 * The base of every error that a function throws on purpose.
 *
 * `name` is the name of the class. It is what a state machine's Retry and Catch match and what a problem document shows,
 * so renaming a class is a breaking change. The message and the fields go to logs, state histories and callers: they say what
 * a person needs, and never hold a secret or the content of a document.
 *
 * ```ts
 * export class InvoiceUnreadable extends AppError<{ key: string; page: number }> {
 *   override readonly status = 422;
 * }
 * throw new InvoiceUnreadable("The page holds no text", { key, page: 3 });
 * ```
 */
export class AppError<Fields extends object = object> extends Error {
  /** The HTTP status that an API answers with. */
  readonly status: number = 500;
  /** Whether the same input may succeed later. A queue message whose error is not retryable is put aside at once. */
  readonly retryable: boolean = false;
  readonly fields: Readonly<Fields>;

  // An error without fields is one whose type asks for none: `{}` is then what it asks for.
  constructor(message: string, fields: Fields = {} as Fields, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.fields = fields;
  }
}

/** What is wrong with one field: where it is (`order.items[2].quantity`) and what was expected there. */
export interface FieldProblem {
  readonly field: string;
  readonly problem: string;
}

/** The input is not what the function's schema asks for. Names fields, never values. */
export class InputInvalid extends AppError<{ problems: readonly FieldProblem[] }> {
  override readonly status = 400;

  constructor(problems: readonly FieldProblem[]) {
    super(problems.map(({ field, problem }) => `${field}: ${problem}`).join("; "), { problems });
  }
}

export class Forbidden<Fields extends object = object> extends AppError<Fields> {
  override readonly status: number = 403;
}

export class NotFound<Fields extends object = object> extends AppError<Fields> {
  override readonly status: number = 404;
}

/** The state of the thing does not allow it: it exists already, or was changed meanwhile. */
export class Conflict<Fields extends object = object> extends AppError<Fields> {
  override readonly status: number = 409;
}

/** The same work is being done at this moment by another invocation; its result will be there later. */
export class InProgress extends AppError<{ retryAfterSeconds: number }> {
  override readonly status = 409;
  override readonly retryable = true;
}

export class TooLarge extends AppError<{ limit: number; unit: string }> {
  override readonly status = 413;
}

/** Something that is needed does not answer, or asks to slow down. */
export class Unavailable extends AppError<{ retryAfterSeconds?: number }> {
  override readonly status = 503;
  override readonly retryable = true;
}

/** The function is deployed wrongly: an environment variable is missing or out of range. */
export class ConfigurationInvalid extends AppError<{ variable: string }> {}
