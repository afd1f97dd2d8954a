/** On "Fare Charged": credits the customer's account. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { tell } from "./bus.ts";
import { FareRef } from "./fare/fare.ts";
import { afterwards, creditFare } from "./fare/steps.ts";

export const handler = handleEventBridge({ detail: FareRef }, ({ fareId }) =>
  afterwards(fareId, creditFare(fareId, new Date()), {
    next: () => tell("Fare Credited", { fareId }),
    refused: (reason) => tell("Fare Refused", { fareId, reason }),
  }),
);
