/** Batches of up to ten entries, each of which succeeds or fails by itself ("Amazon SQS batch actions"). */
import type { BatchResultErrorEntry } from "@aws-sdk/client-sqs";
import { isServiceError, ServiceError } from "../../../core/errors.ts";

interface WithId {
  readonly Id: string | undefined;
}

/** Throws EmptyBatchRequest, TooManyEntriesInBatchRequest, InvalidBatchEntryId or BatchEntryIdsNotDistinct. */
export function checkBatch(entries: readonly WithId[] | undefined, entryName: string): void {
  if (!entries?.length) {
    throw new ServiceError("EmptyBatchRequest", `There should be at least one ${entryName} in the request.`);
  }
  if (entries.length > 10) {
    const message = `Maximum number of entries per request are 10. You have sent ${entries.length}.`;
    throw new ServiceError("TooManyEntriesInBatchRequest", message);
  }
  const seen = new Set<string>();
  for (const { Id: id = "" } of entries) {
    if (!/^[\w-]{1,80}$/.test(id)) {
      throw new ServiceError(
        "InvalidBatchEntryId",
        "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.",
      );
    }
    if (seen.has(id)) throw new ServiceError("BatchEntryIdsNotDistinct", `Id ${id} repeated.`);
    seen.add(id);
  }
}

/** Runs each entry; what AWS refuses of one is told in `Failed`. */
export function runBatch<E extends WithId, R>(
  entries: readonly E[] | undefined,
  run: (entry: E, id: string) => R,
): { Successful: R[]; Failed: BatchResultErrorEntry[] } {
  const Successful: R[] = [];
  const Failed: BatchResultErrorEntry[] = [];
  for (const entry of entries ?? []) {
    const id = entry.Id ?? "";
    try {
      Successful.push(run(entry, id));
    } catch (error) {
      if (!isServiceError(error)) throw error;
      Failed.push({ Id: id, SenderFault: true, Code: error.name, Message: error.message });
    }
  }
  return { Successful, Failed };
}
