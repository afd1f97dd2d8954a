/** Why a transaction was not made, member by member. */
import { isServiceError, ServiceError } from "../../../core/errors.ts";
import { type Item, itemAsWireJson } from "../values/value.ts";

export interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: unknown;
}

export const NO_REASON: CancellationReason = { Code: "None" };

export const conditionFailed = (item: Item | undefined): CancellationReason => ({
  Code: "ConditionalCheckFailed",
  Message: "The conditional request failed",
  ...(item ? { Item: itemAsWireJson(item) } : {}),
});

/** The reason that an item does not fit its table, from the error that a single write would have thrown. */
export function reasonOf(error: unknown): CancellationReason {
  if (!isServiceError(error) || error.name !== "ValidationException") throw error;
  return { Code: "ValidationError", Message: error.message };
}

/** Throws TransactionCanceledException when there is a reason to. */
export function checkReasons(reasons: readonly CancellationReason[]): void {
  if (reasons.every(({ Code }) => Code === NO_REASON.Code)) return;
  const codes = reasons.map(({ Code }) => Code).join(", ");
  throw new ServiceError(
    "TransactionCanceledException",
    `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
    { detail: { CancellationReasons: reasons } },
  );
}
