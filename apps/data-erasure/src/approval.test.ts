import { describe, expect, it } from "vitest";
import { type Approval, checkDecision, checkFourEyes, checkToken, hashOfToken, isCarriedOut } from "./approval.ts";
import { decisionPage } from "./approval-page.ts";

const approval: Approval = { tokenHash: hashOfToken("t"), reportHash: "h", expiresAt: "2030-01-07T13:00:00.000Z" };
const before = new Date("2030-01-07T12:59:59.999Z");
const named = (name: string) => expect.objectContaining({ name });

describe("a decision", () => {
  it("is taken by the token, in time, about the report that was shown", () =>
    expect(() => checkDecision(checkToken(approval, "t"), "approve", "h", before)).not.toThrow());
  it.each(["", "T", "t ", "u"])("is not taken by the token %j", (token) =>
    expect(() => checkToken(approval, token)).toThrow(named("LinkUnknown")),
  );
  it("is not taken where there is nothing to decide", () =>
    expect(() => checkToken(undefined, "t")).toThrow(named("LinkUnknown")));
  it.each([
    ["too late", approval, "h", new Date("2030-01-07T13:00:00.000Z"), "LinkExpired"],
    ["about another report", approval, "g", before, "ReportOutdated"],
    ["after the other one", { ...approval, decision: "reject" as const }, "h", before, "AlreadyDecided"],
    [
      "once more, when there is another report by now",
      { ...approval, decision: "approve" as const },
      "g",
      before,
      "AlreadyDecided",
    ],
    ["when all is over", { ...approval, isOver: true }, "h", before, "LinkExpired"],
    [
      "once more, when the workflow heard of no decision in time",
      { ...approval, decision: "approve" as const, isOver: true, isExpired: true },
      "h",
      before,
      "LinkExpired",
    ],
  ])("is not taken %s", (_name, given, hash, now, error) =>
    expect(() => checkDecision(given, "approve", hash, now)).toThrow(named(error)),
  );
  it("may be repeated", () =>
    expect(() => checkDecision({ ...approval, decision: "approve" }, "approve", "h", before)).not.toThrow());
});

describe("a decision that was made", () => {
  const approved = { ...approval, decision: "approve" as const };
  it.each([
    ["is not carried out before the workflow knows", approved, false],
    ["is carried out then", { ...approved, isTold: true }, true],
    ["was carried out when the request has ended", { ...approved, isOver: true }, true],
    ["never was when the workflow heard of none in time", { ...approved, isOver: true, isExpired: true }, false],
    ["is none before", { ...approval, isTold: true }, false],
  ])("%s", (_name, given, expected) => expect(isCarriedOut(given)).toBe(expected));
});

describe("four eyes", () => {
  it.each(["a@b.c", " A@B.C "])("are not two: %j", (address) =>
    expect(() => checkFourEyes(address, "a@b.c")).toThrow(named("ApproverIsRequester")),
  );
});

describe("the page", () => {
  const summary = { objects: 1, wholeObjects: 0, versions: 1, rows: 1, usersFound: 1, usersNotFound: 0 };
  it("lets nothing through that could be markup", () => {
    const shown = { requestId: "<b>", token: '"><script>', reportHash: "&", reportPlace: "'", expiresAt: "", summary };
    const html = decisionPage(shown);
    expect(html).not.toContain("<script>");
    expect(html).not.toContain("<b>");
  });
  it("asks for a decision that could not be carried out once more, and for no other", () => {
    const shown = { requestId: "r", token: "t", reportHash: "h", reportPlace: "p", expiresAt: "", summary };
    const html = decisionPage({ ...shown, decision: "reject" });
    expect(html).toContain('action="t/reject"');
    expect(html).not.toContain('action="t/approve"');
  });
});
