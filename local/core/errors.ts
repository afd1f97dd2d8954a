/**
 * An error that a caller gets in its own protocol, as AWS words it. The name is the shape name of the SDK's error class
 * (`QueueDoesNotExist`), or the bare code where the service has none (`InvalidParameterValue`).
 */
export class ServiceError extends Error {
  readonly status: number | undefined;
  /** Further members of the error's shape, such as `Item` of a ConditionalCheckFailedException. */
  readonly detail: Readonly<Record<string, unknown>>;

  constructor(name: string, message: string, options: { status?: number; detail?: Record<string, unknown> } = {}) {
    super(message);
    this.name = name;
    this.status = options.status;
    this.detail = options.detail ?? {};
  }
}

export const isServiceError = (error: unknown): error is ServiceError => error instanceof ServiceError;
