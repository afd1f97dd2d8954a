/** Task of the saga: takes a credit back, whether or not it was given. */
import { handle } from "#shared/middleware";
import { FareRef } from "./fare/fare.ts";
import { reverse } from "./account/account-store.ts";
import { fareOf } from "./fare/fare-store.ts";

export const handler = handle({ input: FareRef }, async ({ fareId }) => {
  await reverse(await fareOf(fareId), new Date());
  return { fareId };
});
