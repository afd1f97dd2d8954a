/** Telling other services something that nobody waits for. */
import type { Cloud } from "../../../core/cloud.ts";

/** Runs in the background. A service that is not part of this cloud is passed over; any other error is logged with the label. */
export function tell(cloud: Cloud, label: string, call: () => Promise<unknown>): void {
  cloud.clock.background(label, async () => {
    try {
      await call();
    } catch (error) {
      if (!isAbsence(error)) throw error;
    }
  });
}

/** What loading a service answers when its module is not there. */
const isAbsence = (error: unknown): boolean =>
  error instanceof Error && "code" in error && error.code === "ERR_MODULE_NOT_FOUND";
