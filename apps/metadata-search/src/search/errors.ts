import { AppError } from "#shared/errors";

/** Athena could not answer: its own reason is in the message. */
export class SearchFailed extends AppError<{ queryExecutionId: string }> {}

/** The search would read more than the work group allows, or somebody stopped it. Fewer days help. */
export class SearchCancelled extends AppError<{ queryExecutionId: string }> {
  override readonly status = 422;
}

/** No answer within the time of the function; the query was stopped. */
export class SearchTooSlow extends AppError<{ queryExecutionId: string }> {
  override readonly status = 504;
  override readonly retryable = true;
}
