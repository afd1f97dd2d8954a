/** Wall clocks: a moment as the clock on the wall shows it, written as if it were UTC (epoch ms). */

const formats = new Map<string, Intl.DateTimeFormat>();

export function isTimeZone(name: string): boolean {
  try {
    format(name);
    return true;
  } catch {
    return false;
  }
}

function format(timezone: string): Intl.DateTimeFormat {
  let found = formats.get(timezone);
  if (!found) {
    found = new Intl.DateTimeFormat("en-US", {
      timeZone: timezone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
    });
    formats.set(timezone, found);
  }
  return found;
}

export function wallClock(moment: number, timezone: string): number {
  if (timezone === "UTC") return moment;
  const part = Object.fromEntries(
    format(timezone)
      .formatToParts(moment)
      .map(({ type, value }) => [type, Number(value)]),
  );
  return (
    Date.UTC(part["year"] ?? 0, (part["month"] ?? 1) - 1, part["day"], part["hour"], part["minute"], part["second"]) +
    (moment % 1000)
  );
}

/** The moment at which the wall clock shows this; the first of two, undefined when it is skipped. */
export function fromWallClock(wall: number, timezone: string): number | undefined {
  if (timezone === "UTC") return wall;
  const day = 86_400_000;
  const offsets = [wall - day, wall + day].map((around) => wallClock(around, timezone) - around);
  const candidates = offsets.map((offset) => wall - offset).filter((moment) => wallClock(moment, timezone) === wall);
  return candidates.length === 0 ? undefined : Math.min(...candidates);
}
