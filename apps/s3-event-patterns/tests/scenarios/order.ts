/** Events that come twice, late, or in another order than things happened. */
import { beforeEach, describe, expect, it } from "vitest";
import type { Fault, LocalApp } from "#local/testing";
import { type Buckets, bucketsOf } from "../buckets.ts";
import { colourOf, plain } from "../pictures.ts";

export function order(deployed: () => LocalApp): void {
  let app: LocalApp;
  let buckets: Buckets;
  beforeEach(() => {
    app = deployed();
    buckets = bucketsOf(app);
  });

  const fault = (more: Fault) => app.cloud.faults.add(more);
  const outage = (more: Omit<Fault, "error">) => fault({ ...more, error: { name: "InternalError", status: 500 } });
  const stored = (bucket: string, key: string, object: object) => ({
    Records: [buckets.record(bucket, key, "ObjectCreated:Put", object)],
  });
  const removed = (bucket: string, key: string, sequencer: string) => ({
    Records: [buckets.record(bucket, key, "ObjectRemoved:Delete", { sequencer })],
  });

  describe("an event that comes twice, and twice at the same moment", () => {
    it("keeps one resolution of each size, the first one", async () => {
      const object = await buckets.hide("FanOutBucket", "twice.jpg", await plain("red"));
      const event = stored("FanOutBucket", "twice.jpg", { ...object, sequencer: "A1" });
      const writes = fault({ service: "s3", operation: "PutObject", role: "MakeSmall" });
      await Promise.all([buckets.send("SmallWork", event), buckets.send("SmallWork", event)]);
      await app.settle();
      const { ETag, LastModified } = await buckets.resolution("small", "FanOutBucket", "twice.jpg");
      const before = writes.hits;
      await app.advance(60);
      await buckets.send("SmallWork", event);
      await app.settle();
      expect(await buckets.resolution("small", "FanOutBucket", "twice.jpg")).toMatchObject({ ETag, LastModified });
      expect(writes.hits).toBe(before);
      writes.remove();
    });

    it("tells people once", async () => {
      const event = stored("NoticeBucket", "twice.txt", { eTag: "e", size: 3, sequencer: "A1" });
      await Promise.all([buckets.send("NewsWork", event), buckets.send("NewsWork", event)]);
      await app.settle();
      await buckets.send("NewsWork", event);
      await app.settle();
      expect(app.outbox.filter(({ text = "" }) => text.startsWith("twice.txt"))).toHaveLength(2);
      expect(await app.messages("DeadLetters")).toEqual([]);
    });
  });

  describe("a removal that overtakes its upload", () => {
    it("leaves no labels behind", async () => {
      const away = outage({ service: "rekognition", role: "TagQueued", times: 5 });
      await buckets.put("QueuedBucket", "pictures/fast.jpg", await plain("red"));
      await app.eventually(() => away.hits === 5);
      await buckets.remove("QueuedBucket", "pictures/fast.jpg");
      await app.settle();
      expect(await buckets.row("QueuedBucket", "pictures/fast.jpg")).toMatchObject({ state: "removed" });
      expect(await buckets.reasons()).toEqual([]);
    });

    it.each(["FanOutBucket", "BusBucket"])("leaves no resolutions behind in %s", async (bucket) => {
      // The version is still there below the delete marker: only the order of events keeps it from being made.
      const away = outage({ service: "s3", operation: "GetObject", role: "MakeSmall", times: 5 });
      await buckets.put(bucket, "photos/fast.jpg", await plain("red"));
      await app.eventually(() => away.hits === 5);
      await buckets.remove(bucket, "photos/fast.jpg");
      await app.settle();
      expect(await buckets.resolutions(bucket, "photos/fast.jpg")).toEqual([]);
      expect(await buckets.reasons()).toEqual([]);
    });

    it("leaves nothing behind when it was handled while the upload's function was writing, which then died", async () => {
      const object = await buckets.hide("FanOutBucket", "crash.jpg", await plain("red"));
      const created = stored("FanOutBucket", "crash.jpg", { ...object, sequencer: "1" });
      // Written, but the function does not learn it, and does not get to its last look.
      const crash = outage({ service: "s3", operation: "PutObject", role: "MakeSmall", afterwards: true, times: 5 });
      await buckets.send("SmallWork", created);
      await app.eventually(() => crash.hits > 0);
      await buckets.remove("FanOutBucket", "crash.jpg");
      await buckets.send("RemovalWork", removed("FanOutBucket", "crash.jpg", "2"));
      await app.settle();
      crash.remove();
      expect(await buckets.resolutions("FanOutBucket", "crash.jpg")).toEqual([]);
    });
  });

  describe("sequencers of different length", () => {
    it("are compared as numbers: the shorter is not the later", async () => {
      const red = await buckets.hide("FanOutBucket", "long.jpg", await plain("red"));
      const blue = await buckets.hide("FanOutBucket", "long.jpg", await plain("blue"));
      await buckets.send("SmallWork", stored("FanOutBucket", "long.jpg", { ...blue, sequencer: "0055AED6DCD90281E5" }));
      await app.settle();
      await buckets.send("SmallWork", stored("FanOutBucket", "long.jpg", { ...red, sequencer: "FF" }));
      await app.settle();
      expect(await colourOf((await buckets.resolution("small", "FanOutBucket", "long.jpg")).bytes)).toBe("blue");
      await buckets.send("RemovalWork", removed("FanOutBucket", "long.jpg", "FE"));
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", "long.jpg")).toEqual(["small"]);
    });
  });

  describe("the same picture stored again", () => {
    it("is not read and resized again, and stays when its first upload is removed late", async () => {
      const key = "again.jpg";
      const first = await buckets.hide("FanOutBucket", key, await plain("green"));
      await buckets.send("SmallWork", stored("FanOutBucket", key, { ...first, sequencer: "1" }));
      await app.settle();
      const again = await buckets.hide("FanOutBucket", key, await plain("green"));
      await buckets.send("SmallWork", stored("FanOutBucket", key, { ...again, sequencer: "3" }));
      await app.settle();
      expect(await buckets.logged("MakeSmall", "the same picture again")).toContainEqual(
        expect.objectContaining({ imageKey: `${app.resource("FanOutBucket")}/${key}` }),
      );
      await buckets.send("RemovalWork", removed("FanOutBucket", key, "2"));
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", key)).toEqual(["small"]);
    });
  });

  it("uploads and removals in quick succession end with what is there", async () => {
    for (const bucket of ["FanOutBucket", "BusBucket"]) {
      await buckets.put(bucket, "photos/hasty.jpg", await plain("red"));
      await buckets.remove(bucket, "photos/hasty.jpg");
      await buckets.put(bucket, "photos/hasty.jpg", await plain("blue"));
      await buckets.put(bucket, "photos/gone.jpg", await plain("red"));
      await buckets.remove(bucket, "photos/gone.jpg");
    }
    await app.settle();
    for (const bucket of ["FanOutBucket", "BusBucket"]) {
      expect(await colourOf((await buckets.resolution("large", bucket, "photos/hasty.jpg")).bytes)).toBe("blue");
      expect(await buckets.resolutions(bucket, "photos/gone.jpg")).toEqual([]);
    }
    expect(await buckets.reasons()).toEqual([]);
  });
}
