/** On "Fare Refused", and on the failure of a step that has used up its tries: takes back what was done for the fare. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { tell } from "./bus.ts";
import { Undo, undoOf } from "./fare/start.ts";
import { undoFare } from "./fare/steps.ts";

export const handler = handleEventBridge({ detail: Undo }, async (detail) => {
  const { fareId, reason } = undoOf(detail);
  await undoFare(fareId, reason, new Date());
  await tell("Fare Undone", { fareId });
});
