/** The event as EventBridge hands it to a state machine or an API. */
import * as z from "zod/mini";
import { RequestEvent } from "./request-event.ts";

export const DeliveredEvent = z.object({ id: z.string().check(z.minLength(1)), detail: RequestEvent });
