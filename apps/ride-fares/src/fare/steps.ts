/** The steps of the fare process. Each may be repeated, at any time: what was done is found, what was undone stays undone. */
import { logger } from "#shared/observability/logger";
import { credit, reverse } from "../account/account-store.ts";
import { charge, takeBack } from "../payment/sample-provider.ts";
import { FareRefused } from "./fare.ts";
import { beginFailing, type Fare, fareOf, FareNotOpen } from "./fare-store.ts";

/** Pre-authorises and charges. Throws FareRefused, FareNotOpen. */
export async function chargeFare(fareId: string, now: Date): Promise<void> {
  const fare = await unlessDone(fareId);
  if (fare) await charge(fareId, fare, fare.paymentToken ?? "", now);
}

/** Credits the customer's account. Throws FareRefused, FareNotOpen. */
export async function creditFare(fareId: string, now: Date): Promise<void> {
  const fare = await unlessDone(fareId);
  if (fare) await credit(fare, now);
}

/**
 * Takes back all that may have been done for a fare, the last first, and keeps why. Throws RefundRefused.
 * False for a fare that is completed: a step was believed to have failed, and had passed it on all the same.
 */
export async function undoFare(fareId: string, reason: string, now: Date): Promise<boolean> {
  const status = await beginFailing(fareId, reason, now);
  if (status === "failing") {
    await reverse(await fareOf(fareId), now);
    await takeBack(fareId, now);
  }
  return status !== "completed";
}

/** Where a fare goes after a step, in pipes and choreography: on, or back with the reason for which the step was refused. */
export async function afterwards(
  fareId: string,
  step: Promise<void>,
  channels: { readonly next: () => Promise<void>; readonly refused: (reason: string) => Promise<void> },
): Promise<void> {
  try {
    await step;
  } catch (error) {
    // A message that comes once more while the fare is being undone: whoever undoes it ends it.
    if (error instanceof FareNotOpen) return logger.info("not open any more", { fareId });
    if (!(error instanceof FareRefused)) throw error;
    return channels.refused(`${error.name}: ${error.message}`);
  }
  await channels.next();
}

/** Undefined for a fare that is completed: its steps are done. Throws FareNotOpen for one that cannot go on. */
async function unlessDone(fareId: string): Promise<Fare | undefined> {
  const fare = await fareOf(fareId);
  if (fare.status === "completed") return undefined;
  if (fare.status !== "registered") throw new FareNotOpen(`Fare ${fareId} is ${fare.status}`, { fareId });
  return fare;
}
