/** GET /payload of the bundled sample partner. */
import { setTimeout as sleep } from "node:timers/promises";
import * as z from "zod/mini";
import { env } from "#shared/environment";
import { Unavailable } from "#shared/errors";
import { handleHttp } from "#shared/http";
import { MOST_RECORDS_PER_PAGE, sampleMood, samplePage, type SampleSettings } from "./sample/sample-payload.ts";

class SampleFailure extends Unavailable {}

const settings: SampleSettings = {
  totalRecords: env.integer("TOTAL_RECORDS", { least: 0, most: 10_000_000, otherwise: 10_000 }),
  failurePercentage: env.integer("FAILURE_PERCENTAGE", { least: 0, most: 100, otherwise: 10 }),
  longestDelayMs: env.integer("LONGEST_DELAY_MS", { least: 0, most: 20_000, otherwise: 1_000 }),
};

const Whole = z.coerce.number().check(z.int(), z.minimum(0));
const query = z.object({ startAt: z._default(Whole, 0), count: z._default(Whole, MOST_RECORDS_PER_PAGE) });

export const handler = handleHttp({ query }, async ({ query: { startAt, count } }) => {
  const { delayMs, fails } = sampleMood(settings, Math.random(), Math.random());
  await sleep(delayMs);
  if (fails) throw new SampleFailure("This sample fails now and then");
  return samplePage(startAt, count, settings.totalRecords);
});
