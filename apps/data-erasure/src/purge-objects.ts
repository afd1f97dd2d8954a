/** Erases one part of an approved report, object by object. What cannot be erased is told, and does not keep the rest from being erased. */
import * as z from "zod/mini";
import { AppError } from "#shared/errors";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { eraseObject } from "./erase-object.ts";
import { hashOf, partOf } from "./report.ts";
import { putResult, reportOfRound } from "./stores/papers.ts";

const Input = z.object({ requestId: z.string(), round: z.number(), part: z.number(), reportHash: z.string() });

/** The report in the bucket is not the one that was approved. */
export class ReportForged extends AppError {}

export const handler = handle({ input: Input }, async ({ requestId, round, part, reportHash }) => {
  const report = await reportOfRound(requestId, round);
  if (hashOf(report) !== reportHash) throw new ReportForged("The report was changed after its approval");
  const objects: { key: string; outcome: string }[] = [];
  let failed = 0;
  for (const object of partOf(report, part)) {
    try {
      objects.push({ key: object.key, outcome: await eraseObject(requestId, object) });
    } catch (error) {
      if (!(error instanceof AppError) || error.retryable) throw error;
      failed += 1;
      objects.push({ key: object.key, outcome: `${error.name}: ${error.message}` });
      logger.warn("an object was not erased", { requestId, part, reason: `${error.name}: ${error.message}` });
    }
  }
  await putResult(requestId, round, part, { objects });
  count("ObjectsErased", objects.length - failed);
  return { erased: objects.length - failed, failed };
});
