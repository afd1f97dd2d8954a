/** On "Fare Registered": pre-authorises and charges. */
import { handleEventBridge } from "#shared/events/eventbridge";
import { tell } from "./bus.ts";
import { FareRef } from "./fare/fare.ts";
import { afterwards, chargeFare } from "./fare/steps.ts";

export const handler = handleEventBridge({ detail: FareRef }, ({ fareId }) =>
  afterwards(fareId, chargeFare(fareId, new Date()), {
    next: () => tell("Fare Charged", { fareId }),
    refused: (reason) => tell("Fare Refused", { fareId, reason }),
  }),
);
