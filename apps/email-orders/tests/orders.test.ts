import { readFileSync } from "node:fs";
import { join } from "node:path";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { allEndings, answersTo, deployShop, endingOf, mailOf, ordersOf, send, SHOP } from "./mails.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deployShop({ parameters: { MailPrefix: "in/orders/" } });
});
afterAll(() => app[Symbol.asyncDispose]());

const sample = (name: string) => readFileSync(join(import.meta.dirname, "../samples", name));

describe("an order", () => {
  it("of several items is taken, and answered with its number", async () => {
    const mail = await send(
      app,
      mailOf("Sam <several@example.org>", "Hello,\r\n2 x Blue widget\r\n1 x Red widget\r\n"),
    );
    const [order, ...others] = await ordersOf(app, "several@example.org");
    expect(others).toEqual([]);
    expect(order).toMatchObject({
      status: "ACCEPTED",
      items: [
        { itemname: "Blue widget", quantity: 2 },
        { itemname: "Red widget", quantity: 1 },
      ],
      answeredAt: expect.any(String),
    });
    expect(order).not.toHaveProperty("expiresAt");
    expect(await endingOf(app, mail)).toMatchObject({ outcome: "accepted", orderId: order?.["orderId"] });
    expect(answersTo(app, "several@example.org")).toMatchObject([
      { subject: `Order ${String(order?.["orderId"])} accepted`, text: expect.stringContaining("2 x Blue widget") },
    ]);
  });

  it("is stored as it came, under the rule's prefix, before it is read", async () => {
    const raw = mailOf("raw@example.org", "2 x Blue");
    const mail = await send(app, raw);
    const { Body } = await app
      .client(S3Client)
      .send(new GetObjectCommand({ Bucket: app.resource("MailBucket"), Key: `in/orders/${mail}` }));
    expect((await Body?.transformToString())?.endsWith(raw)).toBe(true);
  });

  it("with an attachment, a signature and a charset of its own is read; its subject is no item", async () => {
    await send(app, sample("order.eml"));
    expect(await ordersOf(app, "juergen@example.org")).toMatchObject([
      {
        items: [
          { itemname: "Blue widget", quantity: 2 },
          { itemname: "M8 screw, grün", quantity: 10 },
        ],
      },
    ]);
  });

  it("in the short form takes its item from the subject, also out of HTML", async () => {
    await send(app, sample("short.eml"), { from: "ann@example.org" });
    expect(await ordersOf(app, "ann@example.org")).toContainEqual(
      expect.objectContaining({ items: [{ itemname: "Blue widget", quantity: 3 }] }),
    );
  });

  it("does not meet another one of the same sender", async () => {
    for (const id of ["<1@two>", "<2@two>"]) await send(app, mailOf("two@example.org", "1 x A", { "Message-ID": id }));
    expect(await ordersOf(app, "two@example.org")).toHaveLength(2);
    expect(answersTo(app, "two@example.org")).toHaveLength(2);
  });

  it("without a Message-ID is one for each mail", async () => {
    for (let i = 0; i < 2; i++) await send(app, mailOf("noid@example.org", "1 x A", { "Message-ID": undefined }));
    expect(await ordersOf(app, "noid@example.org")).toHaveLength(2);
  });

  it("with mistakes is rejected by line, and forgotten in time", async () => {
    const mail = await send(app, sample("mistake.eml"));
    expect(await endingOf(app, mail)).toMatchObject({ outcome: "rejected" });
    expect(await ordersOf(app, "bob@example.org")).toMatchObject([
      { status: "REJECTED", expiresAt: expect.any(Number) },
    ]);
    const [answer, ...others] = answersTo(app, "bob@example.org");
    expect(others).toEqual([]);
    expect(answer?.text).toMatch(/line 3 \(two x Red widget\): write the quantity[^]*line 4 \(0 x Green widget\)/);
    expect(answer?.raw).toContain("Auto-Submitted: auto-replied");
    expect(answer?.raw).toContain("In-Reply-To: <mistake-1@mail.example.org>");
  });
});

describe("a mail that comes again", () => {
  it("is a duplicate by its Message-ID, and is not answered again, whether accepted or rejected", async () => {
    for (const [sender, body] of [
      ["again@example.org", "1 x A"],
      ["wrong@example.org", "0 x A"],
    ] as const) {
      await send(app, mailOf(sender, body));
      const second = await send(app, mailOf(sender, body));
      expect(await endingOf(app, second)).toMatchObject({ outcome: "duplicate" });
      expect(await ordersOf(app, sender)).toHaveLength(1);
      expect(answersTo(app, sender)).toHaveLength(1);
    }
  });

  it("is none when another sender uses the same Message-ID", async () => {
    const headers = { "Message-ID": "<same@mail>" };
    await send(app, mailOf("first@example.org", "1 x A", headers));
    const second = await send(app, mailOf("thief@example.org", "1 x B", headers));
    expect(await endingOf(app, second)).toMatchObject({ outcome: "accepted" });
  });
});

describe("a verdict", () => {
  it.each([
    ["spam", "FAIL", "dropped"],
    ["virus", "FAIL", "dropped"],
    ["virus", "GRAY", "parked"],
    ["spam", "PROCESSING_FAILED", "parked"],
    ["spam", "DISABLED", "parked"],
    ["dmarc", "FAIL", "parked"],
    ["dmarc", "PROCESSING_FAILED", "parked"],
  ] as const)("%s=%s has the mail %s, without an order or an answer", async (verdict, status, outcome) => {
    const sender = `${verdict}.${status.toLowerCase()}@example.org`;
    const mail = await send(app, mailOf(sender, "1 x A"), { verdicts: { [verdict]: status } });
    expect(await endingOf(app, mail)).toMatchObject({ outcome, reason: `${verdict} verdict ${status}` });
    expect(await ordersOf(app, sender)).toEqual([]);
    expect(answersTo(app, sender)).toEqual([]);
  });

  it("of SPF or DKIM alone stops no forwarded mail", async () => {
    await send(app, mailOf("forwarded@example.org", "1 x A"), {
      from: "srs0=x=example.org=ann@forwarder.example.net",
      verdicts: { spf: "FAIL", dkim: "FAIL" },
    });
    expect(await ordersOf(app, "forwarded@example.org")).toMatchObject([{ status: "ACCEPTED" }]);
    // Only who sent the envelope is answered, and that is the forwarder.
    expect(app.outbox.filter(({ to }) => /forward/.test(to.join()))).toEqual([]);
  });

  it("of a domain without DMARC asks for an envelope of the same domain", async () => {
    const verdicts = { dmarc: "GRAY" } as const;
    const good = await send(app, mailOf("gray@example.org", "1 x A"), { verdicts });
    const bad = await send(app, mailOf("faked@example.org", "1 x A"), { verdicts, from: "x@example.net" });
    expect(await endingOf(app, good)).toMatchObject({ outcome: "accepted" });
    expect(await endingOf(app, bad)).toMatchObject({ outcome: "parked" });
  });
});

describe("a mail of a machine", () => {
  it.each<[string, Record<string, string>, string, string]>([
    ["program", { "Auto-Submitted": "auto-generated" }, "accepted", "erp@example.org"],
    ["mailing list", { Precedence: "list" }, "accepted", "list@example.org"],
    ["absent person", { "Auto-Submitted": "auto-replied" }, "parked", "away@example.org"],
    ["bounce", {}, "parked", ""],
    ["mail of our own", {}, "parked", SHOP],
  ])("(a %s, %o) is %s and not answered", async (_, headers, outcome, from) => {
    const sender = from === "" ? "bounces@example.org" : from;
    const before = app.outbox.length;
    const mail = await send(app, mailOf(sender, "1 x A", headers), { from });
    expect(await endingOf(app, mail)).toMatchObject({ outcome });
    expect(app.outbox).toHaveLength(before);
  });
});

it("every mail has ended in one way, and the bucket holds one object for each", async () => {
  const ends = async (body: string, more: Parameters<typeof send>[2] = {}) =>
    (await endingOf(app, await send(app, mailOf("ends@example.org", body), more)))?.["outcome"];
  expect([
    await ends("1 x A"),
    await ends("1 x A"),
    await ends("1 x A", { verdicts: { spam: "FAIL" } }),
    await ends("1 x A", { verdicts: { dmarc: "FAIL" } }),
    (await endingOf(app, await send(app, mailOf("mistaken@example.org", "0 x A"))))?.["outcome"],
  ]).toEqual(["accepted", "duplicate", "dropped", "parked", "rejected"]);
  const { KeyCount } = await app
    .client(S3Client)
    .send(new ListObjectsV2Command({ Bucket: app.resource("MailBucket"), Prefix: "in/orders/" }));
  const endings = await allEndings(app);
  expect(new Set(endings.map(({ outcome }) => outcome))).toEqual(
    new Set(["accepted", "rejected", "dropped", "duplicate", "parked"]),
  );
  // One more: SES has tried whether it may write when the rule was made.
  expect(endings).toHaveLength((KeyCount ?? 0) - 1);
});
