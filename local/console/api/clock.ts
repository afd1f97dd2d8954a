/** The cloud's time, whether anything has happened, and fast-forward. */
import type { ConsoleContext } from "../context.ts";
import { ServiceError } from "../../core/errors.ts";
import { fieldsOf, type Routes } from "../route.ts";

const YEAR_MS = 366 * 86_400_000;

export function clockRoutes({ cloud, changes }: ConsoleContext): Routes {
  /** Where a fast-forward under way ends. */
  let target: number | undefined;
  const now = () => ({
    now: cloud.clock.now(),
    isVirtual: cloud.clock.isVirtual,
    ...(target !== undefined && { target }),
  });

  return {
    "GET /changes": () => ({ version: changes.version(), ...now() }),

    "POST /clock/advance": async (ask) => {
      const milliseconds = fieldsOf(ask).number("milliseconds", 1, YEAR_MS);
      if (target !== undefined) throw new ServiceError("Busy", "Time is being fast-forwarded already", { status: 409 });
      target = cloud.clock.now() + milliseconds;
      try {
        await cloud.clock.advance(milliseconds);
      } finally {
        target = undefined;
      }
      return now();
    },
  };
}
