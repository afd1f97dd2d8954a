/**
 * `rate(…)`, `cron(…)` and `at(…)` (Schedule types on EventBridge Scheduler; Cron and rate expressions for EventBridge rules).
 */
import cronParser from "aws-cron-parser";
import { fromWallClock, wallClock } from "./time-zone.ts";

export interface Schedule {
  /** The first moment after `after` (epoch ms), or undefined when there is none any more. */
  next(after: number): number | undefined;
}

const UNIT_MS: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };
const CRON_FIELDS = 6;

/**
 * Reads an expression. A rate counts from `startedAt`. Answers undefined when it is not valid.
 * `timezone` is an IANA name, for cron and at.
 */
export function parseSchedule(expression: string, startedAt: number, timezone = "UTC"): Schedule | undefined {
  const [, kind, body = ""] = /^(rate|cron|at)\((.+)\)$/.exec(expression) ?? [];
  if (kind === "rate") return rate(body, startedAt);
  if (kind === "cron") return cron(body, timezone);
  if (kind === "at") return at(body, timezone);
  return undefined;
}

function rate(body: string, startedAt: number): Schedule | undefined {
  const [, count, unit = "", plural] = /^([1-9]\d*) (minute|hour|day)(s?)$/.exec(body) ?? [];
  // "rate(1 minutes)" and "rate(5 minute)" are refused by AWS.
  if (count === undefined || (count === "1") !== (plural === "")) return undefined;
  const period = Number(count) * (UNIT_MS[unit] ?? 0);
  return { next: (after) => startedAt + (Math.floor(Math.max(0, after - startedAt) / period) + 1) * period };
}

function cron(body: string, timezone: string): Schedule | undefined {
  const fields = body.trim().split(/\s+/);
  const [, , dayOfMonth, , dayOfWeek] = fields;
  if (fields.length !== CRON_FIELDS || (dayOfMonth === "?") === (dayOfWeek === "?")) return undefined;
  let parsed: ReturnType<typeof cronParser.parse>;
  try {
    parsed = cronParser.parse(fields.join(" "));
  } catch {
    return undefined;
  }
  return {
    next(after) {
      // Cron speaks of the wall clock: the search runs there, and its result is brought back.
      let wall = wallClock(after, timezone);
      for (;;) {
        const found = cronParser.next(parsed, new Date(wall));
        if (!found) return undefined;
        wall = found.getTime();
        if (!isInCalendar(parsed, found)) continue;
        const moment = fromWallClock(wall, timezone);
        // A time that the change to summer time skips does not happen; one that occurs twice happens the first time.
        if (moment !== undefined && moment > after) return moment;
      }
    },
  };
}

/** The parser lets the 30th of February run over into March: such days do not exist and are passed over. */
function isInCalendar({ daysOfMonth }: ReturnType<typeof cronParser.parse>, found: Date): boolean {
  const days: readonly unknown[] = daysOfMonth;
  return days.length === 0 || days.some((day) => typeof day !== "number") || days.includes(found.getUTCDate());
}

function at(body: string, timezone: string): Schedule | undefined {
  const isDate = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/.test(body);
  const wall = isDate ? Date.parse(`${body}Z`) : Number.NaN;
  if (Number.isNaN(wall)) return undefined;
  const moment = fromWallClock(wall, timezone);
  return { next: (after) => (moment !== undefined && moment > after ? moment : undefined) };
}
