/** The time frame of a query. */
import { invalidRequest } from "./store.ts";

export interface TimeRange {
  readonly shape: { readonly StartTime: Date; readonly EndTime: Date };
  /** In seconds since 1970. */
  overlaps(startedAt: number, endedAt: number): boolean;
  contains(moment: number): boolean;
}

/** Throws InvalidRequestException. */
export function rangeOf(start: Date | undefined, end: Date | undefined, mostHours: number): TimeRange {
  if (start === undefined || end === undefined) throw invalidRequest("StartTime and EndTime are required.");
  const [from, to] = [start.getTime() / 1000, end.getTime() / 1000];
  if (from > to) throw invalidRequest("StartTime cannot be greater than EndTime.");
  if (to - from > mostHours * 3_600)
    throw invalidRequest(`Time range cannot be longer than ${mostHours} hours. Given: ${to - from} seconds.`);
  return {
    shape: { StartTime: start, EndTime: end },
    overlaps: (startedAt, endedAt) => startedAt <= to && endedAt >= from,
    contains: (moment) => moment >= from && moment <= to,
  };
}
