/** What starts a fare's process: a ride, or a parked message of any variant. All say in their own way which fare it is. */
import * as z from "zod/mini";
import { FareRef } from "./fare.ts";

const Plain = z.object({ ...FareRef.shape, attempt: z._default(z.int().check(z.gte(0), z.lte(1_000)), 0) });
/** An event that no target took. */
const BusEvent = z.object({ detail: FareRef });
/** What Lambda keeps of an event that its function failed on, by itself or as an event in turn ("Capturing records of Lambda asynchronous invocations"). */
const Failure = z.object({ requestPayload: BusEvent });
const FailureOfFailure = z.object({ requestPayload: z.object({ detail: Failure }) });
const FailureEvent = z.object({ detail: Failure });

export const StartMessage = z.union([Plain, BusEvent, Failure, FailureOfFailure, FailureEvent]);

/** The fare, and the how manieth attempt at it this is: 0 is the first. */
export function startOf(message: z.infer<typeof StartMessage>): { readonly fareId: string; readonly attempt: number } {
  if ("fareId" in message) return message;
  const event = "requestPayload" in message ? message.requestPayload : message;
  const { fareId } = "requestPayload" in event.detail ? event.detail.requestPayload.detail : event.detail;
  return { fareId, attempt: 0 };
}

/** What undoes a fare: a refusal with its reason, or the failure of a function that has used up its tries. */
export const Undo = z.union([
  z.object({ fareId: FareRef.shape.fareId, reason: z.string() }),
  z.object({
    requestPayload: z.object({ detail: FareRef }),
    responsePayload: z.optional(z.object({ errorType: z.optional(z.string()), errorMessage: z.optional(z.string()) })),
  }),
]);

export function undoOf(detail: z.infer<typeof Undo>): { readonly fareId: string; readonly reason: string } {
  if ("fareId" in detail) return detail;
  const { errorType = "Error", errorMessage = "the function gave no answer" } = detail.responsePayload ?? {};
  return { fareId: detail.requestPayload.detail.fareId, reason: `${errorType}: ${errorMessage}` };
}
