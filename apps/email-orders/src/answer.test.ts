import fc from "fast-check";
import PostalMime from "postal-mime";
import { describe, expect, it } from "vitest";
import { answerMail, answerTo } from "./answer.ts";

const accepted = {
  status: "ACCEPTED",
  orderId: "EO-1",
  items: [{ itemname: "Grün\r\n.\r\nBcc: x", quantity: 2 }],
  remarks: 1,
} as const;
const mail = (inReplyTo?: string) => answerMail("orders@example.com", "ann@example.org", inReplyTo, answerTo(accepted));

describe("an answer", () => {
  it("names the order and what was ordered, and how many lines were passed over", () => {
    const { subject, text } = answerTo({ ...accepted, items: [{ itemname: "Blue widget", quantity: 2 }] });
    expect(subject).toBe("Order EO-1 accepted");
    expect(text).toContain("  2 x Blue widget\n");
    expect(text).toContain("read as a remark: 1.");
  });
  it("names the lines that are wrong", () => {
    const { text } = answerTo({
      status: "REJECTED",
      orderId: "EO-1",
      problems: [
        { line: 3, says: "no", quote: "two x Red" },
        { line: 0, says: "nothing" },
      ],
    });
    expect(text).toContain("  line 3 (two x Red): no\n  nothing\n");
    expect(text).toContain("2 x Blue widget");
  });
  it("says that it is automatic and what it answers", async () => {
    const { headers, text } = await PostalMime.parse(mail("<a@b.org>"));
    const of = (key: string) => headers.find((header) => header.key === key)?.value;
    expect([of("auto-submitted"), of("in-reply-to"), of("references")]).toEqual([
      "auto-replied",
      "<a@b.org>",
      "<a@b.org>",
    ]);
    expect(text).toContain("Grün");
  });
  it("takes nothing of the sender's into its headers but a well-formed Message-ID", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 300 }), { maxLength: 60 }), (codes) => {
        const text = String.fromCharCode(...codes);
        const [head = ""] = mail(`<${text}>`).toString("latin1").split("\r\n\r\n");
        const names = head.split("\r\n").map((line) => line.split(":")[0]);
        expect(new Set(names).size).toBe(names.length);
        expect(head).not.toMatch(/^Bcc/m);
        expect(head).toMatch(/^[\u0020-\u007E\r\n]*$/);
      }),
    );
    expect(mail("<a@b>\r\nBcc: spy@example.net").toString()).not.toContain("spy");
    expect(() => answerMail("orders@example.com", "a@b.org\r\nBcc: x@y.org", undefined, answerTo(accepted))).toThrow(
      TypeError,
    );
  });
});
