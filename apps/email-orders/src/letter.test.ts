import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MailUnreadable, readLetter } from "./letter.ts";

const raw = (...lines: string[]) => Buffer.from(lines.join("\r\n"), "latin1");
const letter = (...lines: string[]) => readLetter(raw("From: ann@example.org", ...lines));
const sample = (name: string) => readFileSync(join(import.meta.dirname, "../samples", name));
const part = (type: string, body: string, ...headers: string[]) => [
  "--b",
  `Content-Type: ${type}`,
  ...headers,
  "",
  body,
];
const multipart = (...parts: string[][]) => [
  'Content-Type: multipart/mixed; boundary="b"',
  "",
  ...parts.flat(),
  "--b--",
];

describe("a mail's text", () => {
  it.each<[string, string[], string]>([
    ["without a type", ["", "2 x A"], "2 x A"],
    [
      "in quoted-printable",
      [
        "Content-Type: text/plain; charset=utf-8",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "2 x Gr=C3=BCn=",
        "er",
      ],
      "2 x Grüner",
    ],
    ["in base64", ["Content-Transfer-Encoding: base64", "", Buffer.from("2 x A").toString("base64")], "2 x A"],
    ["in Latin 1", ["Content-Type: text/plain; charset=iso-8859-1", "", "2 x Gr\xfcn"], "2 x Grün"],
    [
      "in UTF-16",
      [
        "Content-Type: text/plain; charset=utf-16le",
        "Content-Transfer-Encoding: base64",
        "",
        Buffer.from("2 x A", "utf16le").toString("base64"),
      ],
      "2 x A",
    ],
    [
      "in Shift JIS",
      ["Content-Type: text/plain; charset=shift_jis", "Content-Transfer-Encoding: base64", "", "MiB4IIOBg4I="],
      "2 x メモ",
    ],
    ["in a charset that does not exist", ["Content-Type: text/plain; charset=x-evil", "", "2 x A"], "2 x A"],
    ["with bytes that cannot be decoded", ["Content-Type: text/plain; charset=utf-8", "", "2 x A\xff\xfeB"], "2 x AB"],
    ["with the charset None", ["Content-Type: text/plain; charset=None", "", "2 x A"], "2 x A"],
    ["in HTML only", ["Content-Type: text/html", "", "<p>2 x A<br>3 x B"], "2 x A\n3 x B"],
    [
      "beside an attachment",
      multipart(
        part("text/plain", "2 x A"),
        part("text/plain", "9 x B", "Content-Disposition: attachment; filename=b.txt"),
      ),
      "2 x A",
    ],
    [
      "behind an attachment",
      multipart(
        part("application/pdf", "JVBERi0=", "Content-Transfer-Encoding: base64", "Content-Disposition: attachment"),
        part("text/plain", "2 x A"),
      ),
      "2 x A",
    ],
    [
      "beside a forwarded mail",
      multipart(part("text/plain", "2 x A"), part("message/rfc822", "From: x@y.org\r\nSubject: s\r\n\r\n9 x B")),
      "2 x A",
    ],
    [
      "in both forms, plain wins",
      [
        'Content-Type: multipart/alternative; boundary="b"',
        "",
        ...part("text/plain", "2 x A"),
        ...part("text/html", "<p>9 x B"),
        "--b--",
      ],
      "2 x A",
    ],
    [
      "in both forms, the plain one empty",
      [
        'Content-Type: multipart/alternative; boundary="b"',
        "",
        ...part("text/plain", " "),
        ...part("text/html", "<p>2 x A"),
        "--b--",
      ],
      "2 x A",
    ],
    ["in a multipart without an end", multipart(part("text/plain", "2 x A")).slice(0, -1), "2 x A"],
  ])("%s", async (_, lines, text) => {
    expect((await letter(...lines)).text.trim()).toBe(text);
  });

  it("of the samples is read", async () => {
    const order = await readLetter(sample("order.eml"));
    expect(order).toMatchObject({
      from: "juergen@example.org",
      subject: "Bestellung für die Werkstatt",
      messageId: "<workshop-1@mail.example.org>",
    });
    expect(order.text).toContain("10 x M8 screw, grün");
    expect(order.text).not.toContain("99 x nothing");
    expect((await readLetter(sample("short.eml"))).text).toBe("3\n\nThanks!");
  });
});

describe("a mail's sender", () => {
  it.each([
    ["From: Ann <Ann@Example.ORG>", "ann@example.org"],
    ['From: "Lee, Ann" <ann@example.org>', "ann@example.org"],
    ['From: "evil@example.net" <ann@example.org>', "ann@example.org"],
    ["From: =?utf-8?q?=3Cevil=40example=2Enet=3E?= <ann@example.org>", "ann@example.org"],
    ["From: Team: ann@example.org;", "ann@example.org"],
  ])("of %s", async (header, address) => {
    expect((await readLetter(raw(header, "", "1"))).from).toBe(address);
  });
  it.each([
    ["no From", ["Subject: s"], "0 headers From"],
    ["two headers From", ["From: a@b.org", "From: c@d.org"], "2 headers From"],
    ["two senders", ["From: a@b.org, c@d.org"], "2 senders"],
    ["a group of two", ["From: Team: a@b.org, c@d.org;"], "2 senders"],
    ["a group of nobody", ["From: undisclosed:;"], "0 senders"],
    ["no address", ["From: Ann"], "no mail address"],
    ["no domain", ["From: ann@"], "no mail address"],
    ["an address of no known form", ["From: <a b@c.org>"], "no mail address"],
  ])("is refused with %s", async (_, headers, reason) => {
    await expect(readLetter(raw(...headers, "", "1"))).rejects.toThrow(reason);
    await expect(readLetter(raw(...headers, "", "1"))).rejects.toBeInstanceOf(MailUnreadable);
  });
});

describe("a hostile mail", () => {
  const nested = (depth: number) =>
    Array.from({ length: depth }, (_, i) => [`Content-Type: multipart/mixed; boundary="b${i}"`, "", `--b${i}`]).flat();
  it("may nest its parts twenty deep, and not deeper", async () => {
    expect((await letter(...nested(19), "Content-Type: text/plain", "", "2 x A")).text).toContain("2 x A");
    await expect(letter(...nested(25), "", "2 x A")).rejects.toThrow("nested too deeply");
    await expect(letter(...nested(10_000), "", "2 x A")).rejects.toThrow(MailUnreadable);
  });
  it("may not have thousands of parts, or endless headers", async () => {
    await expect(letter(...multipart(...Array.from({ length: 1_001 }, () => part("text/plain", "1"))))).rejects.toThrow(
      "more than 1000 parts",
    );
    await expect(letter(`Subject: ${"s".repeat(300_000)}`, "", "1")).rejects.toThrow("headers are too long");
  });
  it("gets no line end into its subject", async () => {
    const { subject } = await letter("Subject: =?utf-8?q?a=0D=0ABcc:_spy@example.net?=", "", "3");
    expect(subject.replace(/[\r\n]/g, "")).toContain("Bcc");
  });
  it("of any bytes is read or refused", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (bytes) => {
        const read = await readLetter(bytes).catch((error: unknown) => error);
        expect(read instanceof MailUnreadable || typeof Reflect.get(Object(read), "text") === "string").toBe(true);
      }),
    );
  });
});
