/** On "Ride Completed": takes the fare on. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { tell } from "./bus.ts";
import { FareRef } from "./fare/fare.ts";
import { register } from "./fare/fare-store.ts";

export const handler = handleEventBridge({ detail: FareRef }, async ({ fareId }) => {
  const status = await register(fareId, "choreography", new Date());
  if (status === "failing" || status === "failed") await tell("Fare Refused", { fareId, reason: "" });
  else await tell("Fare Registered", { fareId });
});
