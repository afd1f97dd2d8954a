/** The target "lambda": gets the event from the bus. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { receive } from "./receive.ts";
import { RequestEvent } from "./request-event.ts";

export const handler = handleEventBridge({ detail: RequestEvent }, async (request, { id }) => {
  await receive({ request, eventId: id, receivedBy: "lambda" });
});
