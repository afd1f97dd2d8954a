/** Ends a request: what happened goes to the audit trail, with pseudonyms; the papers, which name users, are forgotten. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { count } from "#shared/observability/metrics";
import { writeAudit } from "./stores/audit-trail.ts";
import { forgetPapers, PaperMissing, usersOf } from "./stores/papers.ts";
import { pseudonymsOf } from "./stores/pseudonyms.ts";
import { endRequest, requestOf } from "./stores/request-store.ts";

const OUTCOMES = ["COMPLETED", "NOT_FOUND", "REJECTED", "EXPIRED", "FAILED"] as const;
const Input = z.object({
  requestId: z.string(),
  outcome: z.enum(OUTCOMES),
  erased: z.number(),
  failed: z.number(),
  reason: z.string(),
});

export const handler = handle({ input: Input }, async ({ requestId, outcome, reason, ...figures }) => {
  const users = await usersOf(requestId).catch((error: unknown) => {
    if (error instanceof PaperMissing) return undefined;
    throw error;
  });
  // Without papers it was closed before, up to its last step.
  if (users) {
    const { round, reportHash, requestedAt } = await requestOf(requestId);
    const pseudonyms = await pseudonymsOf(users);
    await writeAudit(requestId, "closed", {
      outcome,
      ...figures,
      rounds: round,
      reportHash,
      requestedAt,
      users: pseudonyms,
    });
  }
  await endRequest(requestId, outcome, reason);
  count(outcome === "COMPLETED" ? "RequestsCompleted" : "RequestsNotCompleted");
  // Somebody has to look into a failure: its papers stay until the bucket forgets them.
  if (outcome !== "FAILED") await forgetPapers(requestId);
  return { outcome };
});
