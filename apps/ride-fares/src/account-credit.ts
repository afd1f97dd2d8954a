/** Task of the saga: credits the customer's account, once a fare. */
import { handle } from "#shared/middleware";
import { FareRef } from "./fare/fare.ts";
import { creditFare } from "./fare/steps.ts";

export const handler = handle({ input: FareRef }, async ({ fareId }) => {
  await creditFare(fareId, new Date());
  return { fareId };
});
