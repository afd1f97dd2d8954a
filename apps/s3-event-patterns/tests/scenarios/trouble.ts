/** Too much, too large, no pictures at all, and services that are away. */
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { beforeEach, describe, expect, it } from "vitest";
import type { Fault, LocalApp } from "#local/testing";
import { type Buckets, bucketsOf } from "../buckets.ts";
import { plain } from "../pictures.ts";

const LIMIT_BYTES = 200_000;

export function trouble(deployed: () => LocalApp): void {
  let app: LocalApp;
  let buckets: Buckets;
  beforeEach(() => {
    app = deployed();
    buckets = bucketsOf(app);
  });

  /** SMS that begin so. */
  const sms = (start: string) => app.outbox.filter(({ kind, text = "" }) => kind === "sms" && text.startsWith(start));
  const away = (more: Omit<Fault, "error">) =>
    app.cloud.faults.add({ error: { name: "InternalError", status: 500 }, ...more });

  describe("many at once", () => {
    it("wait in the queue, and none is lost", async () => {
      const keys = Array.from({ length: 40 }, (_, index) => `pictures/burst/${index}.jpg`);
      const busy = app.cloud.faults.add({ service: "rekognition", error: "throttle", role: "TagQueued", times: 40 });
      await Promise.all(keys.map((key) => buckets.put("QueuedBucket", key, `not a picture: ${key}`)));
      await app.settle();
      busy.remove();
      const rows = await Promise.all(keys.map((key) => buckets.row("QueuedBucket", key)));
      expect(rows.filter((row) => row?.state === "refused")).toHaveLength(40);
      // One word each, whatever came between.
      expect(await buckets.reasons()).toHaveLength(40);
    });
  });

  describe("an upload in parts", () => {
    const parts = async (Key: string, Body: Uint8Array) => {
      const s3 = app.client(S3Client);
      const Bucket = app.resource("FanOutBucket");
      const { UploadId } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body }));
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", Key)).toEqual([]);
      return { s3, upload: { Bucket, Key, UploadId }, done: { Parts: [{ ETag, PartNumber: 1 }] } };
    };

    it("is nothing until it is complete, and a picture then", async () => {
      const { s3, upload, done } = await parts("photos/parts.jpg", await plain("red"));
      await s3.send(new CompleteMultipartUploadCommand({ ...upload, MultipartUpload: done }));
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", "photos/parts.jpg")).toEqual(["large", "medium", "small"]);
      expect((await buckets.resolution("small", "FanOutBucket", "photos/parts.jpg")).Metadata?.["source-etag"]).toMatch(
        /-1$/,
      );
    });

    it("is nothing when it is given up", async () => {
      const { s3, upload } = await parts("photos/given-up.jpg", await plain("red"));
      await s3.send(new AbortMultipartUploadCommand(upload));
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", "photos/given-up.jpg")).toEqual([]);
    });
  });

  describe("one record that is none among ten", () => {
    it.each([0, 4, 9])("at place %i is put aside, the others are done once", async (place) => {
      const names = Array.from({ length: 10 }, (_, index) => `p${place}-${index}.txt`);
      const event = (name: string) => ({
        Records: [buckets.record("NoticeBucket", name, "ObjectCreated:Put", { eTag: "e", size: 1, sequencer: "A1" })],
      });
      await Promise.all(names.map((name, at) => buckets.send("NewsWork", at === place ? `{${name}` : event(name))));
      await app.settle();
      const told = sms(`p${place}-`).map(({ text }) => text);
      expect(told.sort()).toEqual(
        names
          .filter((_, at) => at !== place)
          .map((name) => `${name} was uploaded (1 B)`)
          .sort(),
      );
      expect(await buckets.reasons()).toEqual(["InputInvalid: body: not valid JSON"]);
    });
  });

  describe("a picture that is none, or too much of one", () => {
    it.each([
      ["a text", () => Promise.resolve("hello"), "Its first bytes are those of no JPEG, PNG or WebP"],
      [
        "an SVG with an entity",
        () => Promise.resolve(`<!DOCTYPE s [<!ENTITY x "y">]><svg>&x;</svg>`),
        "Its first bytes",
      ],
      ["a broken JPEG", async () => (await plain("red", 900, 900)).subarray(0, 900), "It cannot be decoded"],
      [
        "a file over the limit of bytes",
        async () => Buffer.concat([await plain("red"), Buffer.alloc(LIMIT_BYTES)]),
        "bytes, more than 200000",
      ],
      ["a picture over the limit of pixels", () => plain("red", 1_001, 1_000), "1001 × 1000 pixels, more than 1000000"],
    ])("such as %s is put aside by each maker at once", async (name, make, reason) => {
      const key = `photos/bad ${name}.jpg`;
      await buckets.put("FanOutBucket", key, await make());
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", key)).toEqual([]);
      const reasons = await buckets.reasons();
      expect(reasons).toHaveLength(3);
      for (const told of reasons) expect(told).toContain(`PictureRefused: `);
      expect(reasons[0]).toContain(reason);
    });

    it("is taken at the limits", async () => {
      await buckets.put("FanOutBucket", "photos/limit.jpg", await plain("red", 1_000, 1_000));
      const picture = await plain("red");
      const padded = Buffer.concat([picture, Buffer.alloc(LIMIT_BYTES - picture.length)]);
      await buckets.put("FanOutBucket", "photos/limit-bytes.jpg", padded);
      await app.settle();
      for (const key of ["photos/limit.jpg", "photos/limit-bytes.jpg"])
        expect(await buckets.resolutions("FanOutBucket", key)).toHaveLength(3);
    });
  });

  describe("odd keys", () => {
    it.each(["photos/__proto__", "photos/a%2eb+c d&e?.jpg", "photos/a\u{1f600}ø.jpg"])(
      "such as %s are taken",
      async (key) => {
        await buckets.put("FanOutBucket", key, await plain("red"));
        await app.settle();
        expect(await buckets.resolutions("FanOutBucket", key)).toHaveLength(3);
        await buckets.remove("FanOutBucket", key);
        await app.settle();
        expect(await buckets.resolutions("FanOutBucket", key)).toEqual([]);
      },
    );

    it("that lead out of a folder are put aside; their removal is no trouble", async () => {
      await buckets.put("FanOutBucket", "photos/x/%2e%2e/a.jpg", await plain("red"));
      await app.settle();
      expect(await buckets.reasons()).toEqual(Array(3).fill("KeyRefused: The key holds . or .. as a folder"));
      await buckets.remove("FanOutBucket", "photos/x/%2e%2e/a.jpg");
      await app.settle();
      expect(await buckets.reasons()).toEqual([]);
    });

    it("with line breaks make no lines in an SMS", async () => {
      await buckets.put("NoticeBucket", "bill\nPay now: +4799999999", "x");
      await app.settle();
      expect(sms("bill").map(({ text }) => text)).toEqual(["bill Pay now: +4799999999 was uploaded (1 B)"]);
    });
  });

  describe("a service that is away", () => {
    it("Rekognition, for all three tries of S3's invocation: the event is kept with the error", async () => {
      const looks = away({ service: "rekognition", role: "TagDirect" });
      await buckets.put("DirectBucket", "pictures/late.jpg", await plain("red"));
      await app.settle();
      looks.remove();
      const [dead] = await app.messages("DeadLetters");
      expect(JSON.parse(dead?.Body ?? "{}")).toMatchObject({
        requestContext: { condition: "RetriesExhausted", approximateInvokeCount: 3 },
        requestPayload: { Records: [{ s3: { object: { key: "pictures/late.jpg" } } }] },
        responsePayload: { errorType: "InternalError" },
      });
    });

    it("S3, in the middle of it: a later try makes the picture", async () => {
      const source = away({ service: "s3", operation: "GetObject", role: "MakeLarge", times: 7 });
      await buckets.put("FanOutBucket", "photos/later.jpg", await plain("red"));
      await app.settle();
      expect(source.hits).toBe(7);
      expect(await buckets.resolutions("FanOutBucket", "photos/later.jpg")).toHaveLength(3);
    });

    it("one maker's work does not hold up the others", async () => {
      const source = away({ service: "s3", operation: "PutObject", role: "MakeMedium" });
      await buckets.put("FanOutBucket", "photos/without-medium.jpg", await plain("red"));
      await app.settle();
      source.remove();
      expect(await buckets.resolutions("FanOutBucket", "photos/without-medium.jpg")).toEqual(["large", "small"]);
      expect(await app.messages("DeadLetters")).toHaveLength(1);
    });

    it("SNS, when people are to be told: they are told once, later", async () => {
      const topic = away({ service: "sns", operation: "Publish", role: "TellPeople", times: 7 });
      await buckets.put("NoticeBucket", "patience.txt", "x");
      await app.settle();
      expect(topic.hits).toBe(7);
      expect(sms("patience.txt")).toHaveLength(1);
    });
  });

  it("what was put aside rings an alarm by mail", async () => {
    // The alarm of what others put aside is over.
    await app.advance(180);
    const before = app.outbox.length;
    await buckets.send("NewsWork", "{");
    await app.advance(180);
    expect(await buckets.reasons()).toHaveLength(1);
    const mails = app.outbox.slice(before);
    expect(mails.filter(({ to }) => to.includes("alarms@example.com")).map(({ subject }) => subject)).toContainEqual(
      expect.stringContaining("ALARM"),
    );
  });

  it("logs hold neither contents nor addresses, and each entry is one line", async () => {
    await buckets.put("NoticeBucket", "secret\n.txt", "PlantedContent");
    await app.settle();
    for (const name of app.functions) {
      // The last line of an invocation is Lambda's own.
      const lines = (await app.logs(name)).filter(({ message }) => !message.startsWith("REPORT "));
      for (const { message } of lines)
        expect(message).not.toMatch(/PlantedContent|(ops|ada|alarms)@example|4712345678|\n./);
    }
  });
}
