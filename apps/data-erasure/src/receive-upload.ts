/** A list of users was put below `uploads/`: begins the erasure that it asks for, and removes the list. */
import { env } from "#shared/environment";
import { AppError, InputInvalid, TooLarge } from "#shared/errors";
import { sendToDeadLetters } from "#shared/events/dead-letters";
import { handleS3 } from "#shared/events/s3";
import { logger } from "#shared/observability/logger";
import { beginRequest } from "./begin-request.ts";
import { requestIdOf } from "./request-id.ts";
import { forgetUpload, LARGEST_LIST, uploadedList } from "./stores/papers.ts";
import { listedUserIds } from "./user-ids.ts";

const toDeadLetters = sendToDeadLetters(env.text("DEAD_LETTERS_URL"));

/** Lists that no try makes better, by why. */
const refused = new WeakMap<AppError, { readonly key: string; readonly versionId: string }>();

/** The content of a refused list is not kept, but it stays until its letter is there: without both nobody would hear of it. */
async function putAside(envelope: unknown, reason: AppError): Promise<void> {
  await toDeadLetters(envelope, reason);
  const list = refused.get(reason);
  if (list) await forgetUpload(list.key, list.versionId);
}

export const handler = handleS3({ putAside }, async ({ kind, key, versionId = "null" }) => {
  if (kind !== "created") return;
  const list = await uploadedList(key, versionId);
  if (!list) {
    logger.info("the list is gone: its request has begun before");
    return;
  }
  try {
    if (!list.requestedBy) {
      throw new InputInvalid([{ field: "metadata.requested-by", problem: "missing: the address of who asks for it" }]);
    }
    if (list.text === undefined) {
      throw new TooLarge("The list is too long", { limit: LARGEST_LIST, unit: "bytes" });
    }
    await beginRequest(requestIdOf(key, versionId), listedUserIds(list.text), list.requestedBy);
  } catch (error) {
    if (error instanceof AppError && !error.retryable) refused.set(error, { key, versionId });
    throw error;
  }
  await forgetUpload(key, versionId);
});
