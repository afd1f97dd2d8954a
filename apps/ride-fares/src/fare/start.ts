/** What starts a fare's process: a ride, or a parked message of any variant. Each says in its own way which fare it is. */
import * as z from "zod/mini";
import { FareRef } from "./fare.ts";

const Plain = z.object({ ...FareRef.shape, attempt: z._default(z.int().check(z.gte(0), z.lte(1_000)), 0) });
/** An event that no target took. */
const BusEvent = z.object({ detail: FareRef });
/** What Lambda keeps of an event that its function failed on ("Capturing records of Lambda asynchronous invocations"). */
export const FailedReaction = z.object({
  requestPayload: BusEvent,
  responsePayload: z.optional(
    z.nullable(z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })),
  ),
});

export const StartMessage = z.union([Plain, BusEvent, FailedReaction]);

/** The fare, and the how manieth attempt at it this is: 0 is the first. */
export function startOf(message: z.infer<typeof StartMessage>): { readonly fareId: string; readonly attempt: number } {
  if ("fareId" in message) return message;
  const { detail } = "detail" in message ? message : message.requestPayload;
  return { fareId: detail.fareId, attempt: 0 };
}

/** The fare that a function has failed on, and why. */
export function refusalOf({ requestPayload, responsePayload }: z.infer<typeof FailedReaction>) {
  const { errorType = "Error", errorMessage = "the function gave no answer" } = responsePayload ?? {};
  return { fareId: requestPayload.detail.fareId, reason: `${errorType}: ${errorMessage}`.slice(0, 1_000) };
}
