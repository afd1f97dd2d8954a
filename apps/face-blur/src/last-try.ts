/** A queue moves a message that failed too often to its dead letters without a word. At the last try this app does it itself. */
import * as z from "zod/mini";
import { AppError } from "#shared/errors";
import type { Once } from "#shared/middleware";

/** Not retryable: with `putAside` the message goes to the dead letters at once, and this is the reason it carries. */
export class GaveUp extends AppError<{ tries: number }> {}

const QueueRecord = z.object({ attributes: z.object({ ApproximateReceiveCount: z.coerce.number() }) });

/**
 * For the option `idempotent` of the event wrappers, the place where work is seen together with the message it came in. Lets
 * the work run; its failure in the last try becomes GaveUp, with the failure's name and message.
 */
export const givesUpAfter =
  (tries: number): Once =>
  async ({ envelope }, work) => {
    try {
      return await work();
    } catch (error) {
      const received = QueueRecord.safeParse(envelope).data?.attributes.ApproximateReceiveCount ?? 0;
      if (received < tries || (error instanceof AppError && !error.retryable)) throw error;
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      throw new GaveUp(`${name}: ${message}`, { tries }, { cause: error });
    }
  };
