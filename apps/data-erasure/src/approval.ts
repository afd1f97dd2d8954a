/** Who may decide, by what, and until when. */
import { createHash, timingSafeEqual } from "node:crypto";
import { Conflict, Forbidden, NotFound } from "#shared/errors";

export type Decision = "approve" | "reject";

export interface Approval {
  readonly tokenHash: string;
  readonly reportHash: string;
  /** ISO 8601. */
  readonly expiresAt: string;
  readonly decision?: Decision | undefined;
  /** The workflow knows of the decision. */
  readonly isTold?: boolean | undefined;
  /** The request has ended. */
  readonly isOver?: boolean | undefined;
  /** It has ended because the workflow knew of no decision in time. */
  readonly isExpired?: boolean | undefined;
}

/** One answer for a wrong token, a token of another request and a request that is not there: nothing can be learned from it. */
export class LinkUnknown extends NotFound {}

export class LinkExpired extends Conflict {}

/** The token was used, for the other decision. */
export class AlreadyDecided extends Conflict<{ decision: Decision }> {}

/** The page showed another report than the one that would be carried out. */
export class ReportOutdated extends Conflict {}

export class ApproverIsRequester extends Forbidden {}

export const hashOfToken = (token: string): string => createHash("sha256").update(token).digest("hex");

/** Throws LinkUnknown unless the token is the one that was mailed for this request. */
export function checkToken(approval: Approval | undefined, token: string): Approval {
  const given = Buffer.from(hashOfToken(token));
  if (!approval || !timingSafeEqual(given, Buffer.from(approval.tokenHash))) {
    throw new LinkUnknown("This link leads nowhere: it is wrong, or a newer one was mailed");
  }
  return approval;
}

/** Whether the decision is carried out, or was. One that the workflow was not told of, because something failed, is still to be sent. */
export const isCarriedOut = ({ decision, isTold, isOver, isExpired }: Approval): boolean =>
  decision !== undefined && !isExpired && (isTold === true || isOver === true);

/**
 * Throws LinkExpired, AlreadyDecided, ReportOutdated. The same decision about the same report twice is none of these: the first one
 * counts. Once it is carried out there may be another report, of what is left: the link is then used up, not its page outdated.
 */
export function checkDecision(approval: Approval, decision: Decision, reportHash: string, now: Date): void {
  const isOutdated = reportHash !== approval.reportHash;
  if (approval.decision === decision && !isOutdated && !approval.isExpired) return;
  if (approval.decision !== undefined && !approval.isExpired) {
    throw new AlreadyDecided("This request has been decided already", { decision: approval.decision });
  }
  if (isOutdated) throw new ReportOutdated("The report has changed since the page was shown");
  if (approval.isOver || now.toISOString() >= approval.expiresAt) {
    throw new LinkExpired("The time to decide is over: nothing was deleted. Make the request again");
  }
}

const plain = (address: string): string => address.trim().toLowerCase();

/** Four eyes: throws ApproverIsRequester. */
export function checkFourEyes(requester: string, approver: string): void {
  if (plain(requester) === plain(approver)) {
    throw new ApproverIsRequester("Who asks for an erasure cannot be who approves it");
  }
}
