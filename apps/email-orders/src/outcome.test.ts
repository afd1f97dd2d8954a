import { describe, expect, it } from "vitest";
import type { Letter } from "./letter.ts";
import { decide, orderIdOf } from "./outcome.ts";

const ann: Letter = {
  from: "ann@example.org",
  messageId: "<1@x>",
  subject: "Order",
  text: "2 x Blue",
  header: () => [],
};
const judge = (letter: Partial<Letter> = {}, source = "Ann@example.org", needsAlignment = false) =>
  decide({ mailId: "m1", source }, { kind: "open", needsAlignment }, { ...ann, ...letter }, "orders@example.com", {
    mostItems: 5,
    largestQuantity: 10,
  });

describe("a mail", () => {
  it("that orders is accepted and answered", () => {
    expect(judge()).toMatchObject({ kind: "accepted", email: "ann@example.org", answerTo: "ann@example.org" });
  });
  it("that does not is rejected and answered", () => {
    expect(judge({ text: "0 x Blue" })).toMatchObject({ kind: "rejected", answerTo: "ann@example.org" });
  });
  it("of another envelope is an order without an answer, or parked", () => {
    expect(judge({}, "bounce+ann=example.org@forwarder.net")).toMatchObject({ kind: "accepted", answerTo: undefined });
    expect(judge({ text: "0 x secret" }, "srs@forwarder.net")).toEqual({
      kind: "parked",
      reason: expect.stringMatching(/^no order, and not to be answered since the envelope.*; line 1: the quantity/),
    });
  });
  it("without DMARC needs an envelope of the sender's domain", () => {
    expect(judge({}, "x@example.org", true)).toMatchObject({ kind: "accepted" });
    expect(judge({}, "x@example.net", true)).toMatchObject({ kind: "parked", reason: expect.stringContaining("GRAY") });
  });
  it("that replies to an answer of ours may order, and is not told that it does not", () => {
    const { orderId } = judge() as { orderId: string };
    const header = (name: string) => (name === "in-reply-to" ? ["<0100-000000@email.amazonses.com>"] : []);
    for (const reply of [{ subject: `Re: Order ${orderId} accepted` }, { header }]) {
      expect(judge({ ...reply, text: "I am away" })).toMatchObject({
        kind: "parked",
        reason: expect.stringContaining("replies to an answer of ours"),
      });
      expect(judge(reply)).toMatchObject({ kind: "accepted", answerTo: "ann@example.org" });
    }
  });
  it("never gives a reason that holds its words or addresses", () => {
    for (const source of ["", "x@forwarder.net"]) {
      const found = judge({ text: "0 x secretword" }, source);
      expect(JSON.stringify(found)).not.toMatch(/secretword|@/);
    }
  });
});

describe("an order's number", () => {
  it("is the same for the same mail, and another for another sender or mail", () => {
    const ids = [
      orderIdOf("a@x.org", "<1>"),
      orderIdOf("a@x.org", "<1>"),
      orderIdOf("b@x.org", "<1>"),
      orderIdOf("a@x.org", "<2>"),
    ];
    expect(new Set(ids).size).toBe(3);
    for (const id of ids) expect(id).toMatch(/^EO-[0-9A-HJKMNP-TV-Z]{10}$/);
  });
  it("comes from SES's id where the mail has none", () => {
    expect(judge({ messageId: undefined })).toMatchObject({ orderId: orderIdOf("ann@example.org", "m1") });
  });
});
