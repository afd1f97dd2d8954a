/** Finds everything that the indexes know of the users, and writes it down for the approver. The same data give the same hash. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { findAll } from "./indexes/indexes.ts";
import { hashOf, partsOf, reportOf, summaryOf } from "./report.ts";
import { putReport, usersOf } from "./stores/papers.ts";
import { recordReport } from "./stores/request-store.ts";

const Input = z.object({ requestId: z.string(), round: z.number() });

export const handler = handle({ input: Input }, async ({ requestId, round }) => {
  const users = await usersOf(requestId);
  const report = reportOf(users, await findAll(users));
  const summary = summaryOf(report);
  const reportHash = hashOf(report);
  await putReport(requestId, round, report);
  await recordReport(requestId, round, reportHash, summary);
  logger.info("report written", { requestId, round, ...summary });
  return { reportHash, parts: partsOf(report), ...summary };
});
