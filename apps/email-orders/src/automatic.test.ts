import { describe, expect, it } from "vitest";
import { automaticBecause } from "./automatic.ts";

const judge = (headers: Record<string, string>, source = "ann@example.org", from = "ann@example.org") =>
  automaticBecause(
    { from, header: (name) => Object.entries(headers).flatMap(([key, value]) => (key === name ? [value] : [])) },
    source,
    "Orders@example.com",
  );

describe("a mail of a person", () => {
  it.each([{}, { "auto-submitted": "no" }, { precedence: "first-class" }, { "x-auto-response-suppress": "DR, RN" }])(
    "with %o may be answered",
    (headers) => expect(judge(headers)).toBeUndefined(),
  );
});

describe("a mail of a machine", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["a bounce", {}, "", "mailer-daemon@example.org"],
    ["a bounce as SMTP writes it", {}, "<>", "ann@example.org"],
    ["a mail of a mail server", {}, "x@example.org", "mailer-daemon@example.org"],
    ["our own mail", {}, "orders@example.com", "ann@example.org"],
    ["a mail in our name", {}, "ann@example.org", "orders@example.com"],
    ["an out-of-office note", { "auto-submitted": "Auto-Replied (vacation)" }, "a@b.org", "a@b.org"],
  ])("such as %s is never an order", (_, headers, source, from) => {
    expect(judge(headers, source, from)?.isNeverAnOrder).toBe(true);
  });
  it.each([
    { "auto-submitted": "auto-generated" },
    { precedence: "bulk" },
    { precedence: "Junk" },
    { precedence: "list" },
    { "list-id": "<widgets.example.org>" },
    { "x-auto-response-suppress": "DR, AutoReply" },
    { "x-auto-response-suppress": "All" },
  ])("with %o may order, and is not answered", (headers) => {
    expect(judge(headers as Record<string, string>)).toMatchObject({ isNeverAnOrder: false });
  });
});
