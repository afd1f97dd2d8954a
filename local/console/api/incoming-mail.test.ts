import { describe, expect, it } from "vitest";
import { consoleCloud } from "../testing/console-cloud.ts";

const RAW = "From: ann@example.org\r\nTo: shop@example.com\r\nSubject: s\r\n\r\nhello";

async function mailbox() {
  const it = await consoleCloud();
  await it.call("ses", "VerifyDomainIdentity", { Domain: "example.com" });
  await it.call("ses", "CreateReceiptRuleSet", { RuleSetName: "rules" });
  const BounceAction = { SmtpReplyCode: "550", Message: "no", Sender: "shop@example.com" };
  const Rule = { Name: "bounce", Enabled: true, Actions: [{ BounceAction }] };
  await it.call("ses", "CreateReceiptRule", { RuleSetName: "rules", Rule });
  const post = async (query: string, body = RAW) => {
    const headers = { "x-local-console": "1" };
    const response = await fetch(`${it.cloud.endpoint}/_console/api/mails?${query}`, { method: "POST", headers, body });
    return { status: response.status, answer: (await response.json()) as Record<string, unknown> };
  };
  return Object.assign(it, { post });
}

describe("a mail handed in", () => {
  it("passes the active rules, by its headers or by an envelope of its own", async () => {
    await using it = await mailbox();
    expect(await it.post("")).toMatchObject({ status: 400, answer: { message: expect.stringContaining("active") } });
    await it.call("ses", "SetActiveReceiptRuleSet", { RuleSetName: "rules" });
    const actions = [{ rule: "bounce", action: "BounceAction" }];
    expect(await it.post("")).toMatchObject({ status: 200, answer: { actions } });
    expect(await it.post("to=a@example.com&to=b@example.com&from=&spf=fail&dmarc=GRAY")).toMatchObject({
      status: 200,
      answer: { actions },
    });
    expect(await it.get("/mails")).toMatchObject({ total: 1 });
  });

  it("is refused with an unknown verdict, an unknown domain, or no contents", async () => {
    await using it = await mailbox();
    await it.call("ses", "SetActiveReceiptRuleSet", { RuleSetName: "rules" });
    for (const [query, body, message] of [
      ["spf=MAYBE", RAW, /spf must be one of PASS, FAIL/],
      ["to=a@example.net", RAW, /verified identity/],
      ["", "", /empty/],
    ] as const) {
      const refusal = await it.post(query, body);
      expect(refusal).toMatchObject({ status: 400, answer: { message: expect.stringMatching(message) } });
    }
  });
});
