/** GET /approvals/{requestId}/{token}: shows what is to be decided. Changes nothing, however often a mail scanner looks. */
import * as z from "zod/mini";
import { handleHttp, reply } from "#shared/http";
import { checkDecision, checkToken, isCarriedOut } from "./approval.ts";
import { decidedPage, decisionPage, PAGE_HEADERS } from "./approval-page.ts";
import { pendingApproval } from "./pending-approval.ts";
import { placeOfReport } from "./stores/papers.ts";

const Path = z.object({ requestId: z.string(), token: z.string() });

export const handler = handleHttp({ path: Path }, async ({ path: { requestId, token } }) => {
  const pending = await pendingApproval(requestId);
  const approval = checkToken(pending, token);
  const { decision, reportHash, expiresAt } = approval;
  if (decision && isCarriedOut(approval)) return reply(200, decidedPage(decision), PAGE_HEADERS);
  checkDecision(approval, decision ?? "approve", reportHash, new Date());
  const reportPlace = placeOfReport(requestId, pending?.round ?? 1);
  const summary = pending?.summary ?? {
    objects: 0,
    wholeObjects: 0,
    versions: 0,
    rows: 0,
    usersFound: 0,
    usersNotFound: 0,
  };
  const shown = { requestId, token, reportHash, reportPlace, expiresAt, summary, decision };
  return reply(200, decisionPage(shown), PAGE_HEADERS);
});
