/** POST /approvals/{requestId}/{token}/{decision}: uses the token up and wakes the workflow. */
import { SendTaskFailureCommand, SendTaskSuccessCommand } from "@aws-sdk/client-sfn";
import * as z from "zod/mini";
import { sfn } from "#shared/clients/sfn";
import { handleHttp, reply } from "#shared/http";
import { logger } from "#shared/observability/logger";
import { AlreadyDecided, checkDecision, checkToken, type Decision, LinkExpired } from "./approval.ts";
import { decidedPage, PAGE_HEADERS } from "./approval-page.ts";
import { pendingApproval } from "./pending-approval.ts";
import { writeAudit } from "./stores/audit-trail.ts";
import { decide, rememberTold } from "./stores/request-store.ts";

const Path = z.object({ requestId: z.string(), token: z.string(), decision: z.enum(["approve", "reject"]) });

export const handler = handleHttp({ path: Path }, async ({ path: { requestId, token, decision } }, { body }) => {
  const pending = await pendingApproval(requestId);
  const approval = checkToken(pending, token);
  // The form names the report that the page has shown.
  checkDecision(approval, decision, new URLSearchParams(body).get("report") ?? "", new Date());
  const counts = await decide(requestId, approval.tokenHash, decision);
  if (counts === undefined) throw new LinkExpired("The time to decide is over: nothing was deleted");
  if (counts !== decision) throw new AlreadyDecided("This request has been decided already", { decision: counts });
  const { round = 1, taskToken } = pending ?? {};
  await writeAudit(requestId, `decided-${round}`, { decision, reportHash: approval.reportHash });
  if (taskToken !== undefined) await wake(taskToken, decision, approval.reportHash);
  // Until then the page asks for the same decision once more.
  await rememberTold(requestId, approval.tokenHash);
  logger.info("decided", { requestId, round, decision });
  return reply(200, decidedPage(decision), PAGE_HEADERS);
});

/** Waking twice, after a crash or by a second click, changes nothing: a task token is good for one answer. */
async function wake(taskToken: string, decision: Decision, reportHash: string): Promise<void> {
  try {
    if (decision === "approve") {
      await sfn.send(new SendTaskSuccessCommand({ taskToken, output: JSON.stringify({ reportHash }) }));
    } else {
      const cause = "The approver rejected the request";
      await sfn.send(new SendTaskFailureCommand({ taskToken, error: "Rejected", cause }));
    }
  } catch (error) {
    if (!(error instanceof Error && ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"].includes(error.name)))
      throw error;
    logger.info("the workflow has gone on before", { reason: error.name });
  }
}
