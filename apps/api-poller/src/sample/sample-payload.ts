/** The bundled sample of a partner: slow, unreliable, and with a limit on its pages. */

export interface SampleSettings {
  readonly totalRecords: number;
  readonly failurePercentage: number;
  readonly longestDelayMs: number;
}

export const MOST_RECORDS_PER_PAGE = 100;

interface SamplePage {
  readonly maxRecordsPerPage: number;
  readonly totalRecords: number;
  readonly payload: readonly { readonly id: number; readonly payload: string }[];
}

/** Records `startAt` to `startAt + count`, at most a page, and none beyond the last. */
export function samplePage(startAt: number, count: number, totalRecords: number): SamplePage {
  const length = Math.max(0, Math.min(count, MOST_RECORDS_PER_PAGE, totalRecords - startAt));
  return {
    maxRecordsPerPage: MOST_RECORDS_PER_PAGE,
    totalRecords,
    payload: Array.from({ length }, (_, index) => ({
      id: startAt + index,
      payload: `This is record ${startAt + index}`,
    })),
  };
}

/** How a request goes, by two numbers from 0 up to 1. */
export function sampleMood(settings: SampleSettings, first: number, second: number) {
  return {
    delayMs: Math.round(first * settings.longestDelayMs),
    fails: second * 100 < settings.failurePercentage,
  };
}
