/** The events of the choreography. Nobody is told what to do; everybody is told what has happened. */
import { env } from "#shared/environment";
import { putEvents } from "#shared/writes/put-events";

const BUS = env.text("BUS");

export type FareEvent =
  "Ride Completed" | "Fare Registered" | "Fare Charged" | "Fare Credited" | "Fare Refused" | "Fare Undone";

export async function tell(detailType: FareEvent, detail: { readonly fareId: string; readonly reason?: string }) {
  await putEvents([{ bus: BUS, source: "ride-fares", detailType, detail }]);
}
