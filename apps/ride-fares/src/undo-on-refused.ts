/** On "Fare Refused": takes back what was done for the fare. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { tell } from "./bus.ts";
import { Refusal } from "./fare/fare.ts";
import { undoFare } from "./fare/steps.ts";

export const handler = handleEventBridge({ detail: Refusal }, async ({ fareId, reason }) => {
  if (await undoFare(fareId, reason, new Date())) await tell("Fare Undone", { fareId });
});
