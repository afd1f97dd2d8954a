/** What each pattern makes of an upload and of a removal. */
import { beforeEach, describe, expect, it } from "vitest";
import sharp from "sharp";
import type { LocalApp } from "#local/testing";
import { type Buckets, bucketsOf } from "../buckets.ts";
import { colourOf, photograph, plain } from "../pictures.ts";

export function patterns(deployed: () => LocalApp): void {
  let app: LocalApp;
  let buckets: Buckets;
  beforeEach(() => {
    app = deployed();
    buckets = bucketsOf(app);
  });

  describe.each(["DirectBucket", "QueuedBucket"])("a photograph in %s", (bucket) => {
    it("gets labels, and loses them when it is removed", async () => {
      const key = "pictures/three people & more.jpg";
      const versionId = await buckets.put(bucket, key, photograph(1));
      await app.settle();
      const row = await buckets.row(bucket, key);
      expect(row).toMatchObject({ state: "labelled", versionId, question: { leastConfidence: 30, mostLabels: 4 } });
      const labels = row?.state === "labelled" ? row.labels : [];
      expect(labels.map(({ name }) => name)).toContain("Person");
      // Five are above 30 %, one of them above 55 %.
      expect(labels).toHaveLength(4);
      expect(labels.every(({ confidence }) => confidence >= 30 && confidence <= 100)).toBe(true);

      await buckets.remove(bucket, key);
      await app.settle();
      expect(await buckets.row(bucket, key)).toMatchObject({
        state: "removed",
        expiresAt: expect.any(Number) as number,
      });
    });

    it("is not looked at elsewhere than below the prefix", async () => {
      await buckets.put(bucket, "drafts/a.jpg", await plain("red"));
      await app.settle();
      expect(await buckets.row(bucket, "drafts/a.jpg")).toBeUndefined();
    });
  });

  describe("a picture in QueuedBucket", () => {
    it("whose event comes twice, and twice at once, is not looked at again when the first is done, and changes nothing", async () => {
      const object = await buckets.hide("QueuedBucket", "twice.jpg", await plain("red"));
      const looks = app.cloud.faults.add({ service: "rekognition", operation: "DetectLabels", role: "TagQueued" });
      const event = {
        Records: [buckets.record("QueuedBucket", "twice.jpg", "ObjectCreated:Put", { ...object, sequencer: "A1" })],
      };
      await Promise.all([buckets.send("Pictures", event), buckets.send("Pictures", event)]);
      await app.settle();
      const row = await buckets.row("QueuedBucket", "twice.jpg");
      const before = looks.hits;
      await buckets.send("Pictures", event);
      await app.settle();
      expect(looks.hits).toBe(before);
      expect(await buckets.row("QueuedBucket", "twice.jpg")).toEqual(row);
      looks.remove();
    });

    it("that is stored again is not looked at again", async () => {
      await buckets.put("QueuedBucket", "pictures/again.jpg", await plain("green"));
      await app.settle();
      const looks = app.cloud.faults.add({ service: "rekognition", operation: "DetectLabels", role: "TagQueued" });
      const versionId = await buckets.put("QueuedBucket", "pictures/again.jpg", await plain("green"));
      await app.settle();
      expect(looks.hits).toBe(0);
      expect(await buckets.row("QueuedBucket", "pictures/again.jpg")).toMatchObject({ state: "labelled", versionId });
      looks.remove();
    });

    it("that is replaced by something else does not keep its labels", async () => {
      await buckets.put("QueuedBucket", "pictures/replaced.jpg", await plain("red"));
      await app.settle();
      expect(await buckets.row("QueuedBucket", "pictures/replaced.jpg")).toMatchObject({ state: "labelled" });
      await buckets.put("QueuedBucket", "pictures/replaced.jpg", "hello");
      await app.settle();
      expect(await buckets.row("QueuedBucket", "pictures/replaced.jpg")).toMatchObject({
        state: "refused",
        reason: expect.stringContaining("InvalidImageFormatException") as string,
      });
      expect(await buckets.reasons()).toHaveLength(1);
    });
  });

  it("a completed invocation of the direct pattern is reported by mail", async () => {
    await buckets.put("DirectBucket", "pictures/done.jpg", await plain("red"));
    await app.settle();
    const told = app.outbox.filter(({ to, text = "" }) => to.includes("ops@example.com") && text.includes("done.jpg"));
    expect(told).toHaveLength(1);
    expect(JSON.parse(told[0]?.text ?? "")).toMatchObject({ requestContext: { condition: "Success" } });
  });

  describe.each(["FanOutBucket", "BusBucket"])("in %s", (bucket) => {
    it("a photo is made in three resolutions, and an upload over it in three new ones", async () => {
      await buckets.put(bucket, "photos/Trip 1+2/å.jpg", await sharp(photograph(1)).resize(800).jpeg().toBuffer());
      await app.settle();
      expect(await buckets.resolutions(bucket, "photos/Trip 1+2/å.jpg")).toEqual(["large", "medium", "small"]);
      for (const [name, width] of [
        ["small", 160],
        ["medium", 640],
        ["large", 800],
      ] as const) {
        const { bytes, ContentType } = await buckets.resolution(name, bucket, "photos/Trip 1+2/å.jpg");
        expect([ContentType, (await sharp(bytes).metadata()).width]).toEqual(["image/webp", width]);
      }
      await buckets.put(bucket, "photos/Trip 1+2/å.jpg", await plain("blue"));
      await app.settle();
      const { bytes } = await buckets.resolution("medium", bucket, "photos/Trip 1+2/å.jpg");
      expect(await colourOf(bytes)).toBe("blue");
    });

    it("an avatar is made into a small square only", async () => {
      await buckets.put(
        bucket,
        "avatars/me.png",
        await sharp(await plain("green"))
          .png()
          .toBuffer(),
      );
      await app.settle();
      expect(await buckets.resolutions(bucket, "avatars/me.png")).toEqual(["small"]);
      const { width, height } = await sharp(
        (await buckets.resolution("small", bucket, "avatars/me.png")).bytes,
      ).metadata();
      expect([width, height]).toEqual([160, 160]);
    });

    it("a removed picture takes its resolutions along; when the marker is removed they come back", async () => {
      await buckets.put(bucket, "photos/a.jpg", await plain("red"));
      await app.settle();
      const marker = await buckets.remove(bucket, "photos/a.jpg");
      await app.settle();
      expect(await buckets.resolutions(bucket, "photos/a.jpg")).toEqual([]);
      await buckets.remove(bucket, "photos/a.jpg", marker);
      await app.settle();
      expect(await buckets.resolutions(bucket, "photos/a.jpg")).toEqual(["large", "medium", "small"]);
    });

    it("when the newest version is removed for good, the one before it is shown", async () => {
      await buckets.put(bucket, "photos/b.jpg", await plain("red"));
      const newer = await buckets.put(bucket, "photos/b.jpg", await plain("blue"));
      await app.settle();
      await buckets.remove(bucket, "photos/b.jpg", newer);
      await app.settle();
      expect(await colourOf((await buckets.resolution("small", bucket, "photos/b.jpg")).bytes)).toBe("red");
    });

    it("when an older version is removed for good, nothing is made or removed", async () => {
      const older = await buckets.put(bucket, "photos/c.jpg", await plain("red"));
      await buckets.put(bucket, "photos/c.jpg", await plain("blue"));
      await app.settle();
      const before = await buckets.resolution("small", bucket, "photos/c.jpg");
      await buckets.remove(bucket, "photos/c.jpg", older);
      await app.settle();
      const after = await buckets.resolution("small", bucket, "photos/c.jpg");
      expect([await colourOf(after.bytes), after.Metadata]).toEqual(["blue", before.Metadata]);
      expect(await buckets.resolutions(bucket, "photos/c.jpg")).toHaveLength(3);
    });
  });

  describe("a file for people", () => {
    const told = (name: string) => app.outbox.filter(({ text = "" }) => text.startsWith(name));

    it("is told of by mail and SMS, in words, when it comes and when it goes", async () => {
      await buckets.put("NoticeBucket", "minutes/May 2030.txt", "agreed");
      await app.settle();
      expect(told("May 2030.txt").map(({ kind, to, subject }) => [kind, to, subject])).toEqual([
        ["email", ["ada@example.com"], "May 2030.txt was uploaded"],
        ["sms", ["+4712345678"], undefined],
      ]);
      expect(told("May 2030.txt")[1]?.text).toBe("May 2030.txt was uploaded (6 B)");
      await buckets.remove("NoticeBucket", "minutes/May 2030.txt");
      await app.settle();
      expect(
        told("May 2030.txt")
          .slice(2)
          .map(({ text = "" }) => text.split("\n")[0]),
      ).toEqual(["May 2030.txt was removed.", "May 2030.txt was removed"]);
    });
  });
}
