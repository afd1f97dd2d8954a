/** The cloud's time, whether anything has happened, and fast-forward. */
import type { ConsoleContext } from "../context.ts";
import { ServiceError } from "../../core/errors.ts";
import { badRequest, fieldsOf, type Routes } from "../route.ts";

const YEAR_MS = 366 * 86_400_000;

export function clockRoutes({ cloud, changes }: ConsoleContext): Routes {
  /** Where a fast-forward under way ends. */
  let target: number | undefined;
  const now = () => ({
    now: cloud.clock.now(),
    isVirtual: cloud.clock.isVirtual,
    /** When the next timer is due, a schedule's or an alarm's too. */
    next: cloud.clock.nextDue(),
    ...(target !== undefined && { target }),
  });

  const forward = async (milliseconds: number) => {
    if (target !== undefined) throw new ServiceError("Busy", "Time is being fast-forwarded already", { status: 409 });
    target = cloud.clock.now() + milliseconds;
    try {
      await cloud.clock.advance(milliseconds);
    } finally {
      target = undefined;
    }
    return now();
  };

  return {
    "GET /changes": () => ({ version: changes.version(), ...now() }),

    "POST /clock/advance": (ask) => forward(fieldsOf(ask).number("milliseconds", 1, YEAR_MS)),

    /** To the moment at which something falls due next. */
    "POST /clock/next": async () => {
      const due = cloud.clock.nextDue();
      if (due === undefined) throw badRequest("Nothing is going to fall due");
      return forward(Math.max(0, due - cloud.clock.now()));
    },
  };
}
