/** Task of the saga: pre-authorises and charges, once a fare. */
import { handle } from "#shared/middleware";
import { FareRef } from "./fare/fare.ts";
import { chargeFare } from "./fare/steps.ts";

export const handler = handle({ input: FareRef }, async ({ fareId }) => {
  await chargeFare(fareId, new Date());
  return { fareId };
});
