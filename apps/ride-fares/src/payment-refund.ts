/** Task of the saga: takes the payment back, whatever became of it. */
import { handle } from "#shared/middleware";
import { FareRef } from "./fare/fare.ts";
import { takeBack } from "./payment/sample-provider.ts";

export const handler = handle({ input: FareRef }, async ({ fareId }) => {
  return { fareId, payment: await takeBack(fareId, new Date()) };
});
