/** From a receipt handle to the message it was given for. */
import { ServiceError } from "../../../core/errors.ts";
import type { Entry } from "../message.ts";
import { readReceiptHandle } from "../receipt-handle.ts";
import type { Queue } from "../queue.ts";
import { missingParameter } from "../store.ts";

/**
 * The message, unless it is gone, and whether this handle is the one of its latest receive.
 * Throws ReceiptHandleIsInvalid for what is not a handle of this queue.
 */
export function messageOf(queue: Queue, handle: string | undefined): { entry: Entry | undefined; isLatest: boolean } {
  if (!handle) throw missingParameter("ReceiptHandle");
  const receipt = readReceiptHandle(handle, queue.record.name);
  if (receipt === undefined) {
    throw new ServiceError(
      "ReceiptHandleIsInvalid",
      `The input receipt handle "${handle}" is not a valid receipt handle.`,
    );
  }
  const entry = queue.find(receipt.id);
  return { entry, isLatest: entry?.receipts.latest === receipt.receive };
}
