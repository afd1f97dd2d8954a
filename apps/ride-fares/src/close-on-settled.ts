/** On "Fare Credited" and "Fare Undone": writes how the fare ended and publishes it. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { closeFare } from "./fare/closing.ts";
import { FareRef } from "./fare/fare.ts";

export const handler = handleEventBridge({ detail: FareRef }, ({ fareId }, { detailType }) =>
  closeFare(fareId, detailType === "Fare Credited" ? "completed" : "failed", new Date()),
);
