import { DeleteObjectCommand, ListObjectVersionsCommand, S3Client } from "@aws-sdk/client-s3";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import { bucketsOf } from "./buckets.ts";
import { plain } from "./pictures.ts";

const RESOLUTIONS = ["large", "medium", "small"];

/** An event of a version that is not there any more. */
const gone = (app: LocalApp, bucket: string, key: string) => ({
  Records: [
    bucketsOf(app).record(bucket, key, "ObjectCreated:Put", {
      versionId: "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e",
      eTag: "5d41402abc4b2a76b9719d911017c592",
      sequencer: "0055AED6DCD90281E5",
    }),
  ],
});
const deadOf = async (app: LocalApp, id: string) =>
  (await app.messages("DeadLetters")).filter(({ Body = "" }) => Body.includes(id));
const mails = (app: LocalApp, to: string, id: string) =>
  app.outbox.filter((message) => message.to.includes(to) && message.text?.includes(id));
const tiny = (colour: string) => plain(colour, 16, 16);

proofs("s3-event-patterns", {
  parameters: { PersonEmail: "ada@example.com", TaggedEmail: "ops@example.com" },
  uses: {
    "direct: what is no picture is refused, and its removal is noted": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("DirectBucket", `pictures/${id}.jpg`, "a text");
      await app.settle();
      expect(await buckets.row("DirectBucket", `pictures/${id}.jpg`)).toMatchObject({ state: "refused" });
      const [dead] = await deadOf(app, id);
      expect(JSON.parse(dead?.Body ?? "{}")).toMatchObject({ responsePayload: { errorType: "PictureRefused" } });
      await buckets.remove("DirectBucket", `pictures/${id}.jpg`);
      await app.settle();
      expect(await buckets.row("DirectBucket", `pictures/${id}.jpg`)).toMatchObject({ state: "removed" });
      expect(mails(app, "ops@example.com", id)).toHaveLength(1);
    },

    "direct: a version that is gone is passed over; one that comes up again is looked at": async (app, id) => {
      const FunctionName = app.resource("TagDirect");
      const Payload = JSON.stringify(gone(app, "DirectBucket", `pictures/${id}.jpg`));
      await app.client(LambdaClient).send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
      await app.settle();
      expect(mails(app, "ops@example.com", id)).toHaveLength(1);
      expect(await deadOf(app, id)).toEqual([]);
      const buckets = bucketsOf(app);
      const key = `pictures/${id}-again.jpg`;
      const older = await buckets.put("DirectBucket", key, "a text");
      const newer = await buckets.put("DirectBucket", key, "another text");
      await buckets.remove("DirectBucket", key, newer);
      await app.settle();
      expect(await buckets.row("DirectBucket", key)).toMatchObject({ state: "refused", versionId: older });
    },

    "queued: what is no picture is put aside, and its removal is noted": async (app, id) => {
      const buckets = bucketsOf(app);
      const key = `pictures/${id}.jpg`;
      const older = await buckets.put("QueuedBucket", key, "a text");
      await app.settle();
      expect(
        (await deadOf(app, id)).map(({ MessageAttributes = {} }) => MessageAttributes["error"]?.StringValue),
      ).toContain("PictureRefused");
      const newer = await buckets.put("QueuedBucket", key, "another text");
      await buckets.remove("QueuedBucket", key, newer);
      await app.settle();
      expect(await buckets.row("QueuedBucket", key)).toMatchObject({ state: "refused", versionId: older });
      await buckets.remove("QueuedBucket", key);
      await app.settle();
      expect(await buckets.row("QueuedBucket", key)).toMatchObject({ state: "removed" });
    },

    "queued: a version that is gone is passed over": async (app, id) => {
      await bucketsOf(app).send("Pictures", gone(app, "QueuedBucket", `pictures/${id}.jpg`));
      await app.settle();
      expect(await deadOf(app, id)).toEqual([]);
    },

    "fan-out: a picture is made, made again, removed, and brought back": async (app, id) => {
      const buckets = bucketsOf(app);
      const key = `photos/${id}.jpg`;
      await buckets.put("FanOutBucket", key, await tiny("red"));
      await app.settle();
      const first = await buckets.resolution("small", "FanOutBucket", key);
      await buckets.put("FanOutBucket", key, await tiny("red"));
      await app.settle();
      const again = await buckets.resolution("small", "FanOutBucket", key);
      expect(again.bytes.equals(first.bytes) && again.Metadata?.["order"] !== first.Metadata?.["order"]).toBe(true);
      const marker = await buckets.remove("FanOutBucket", key);
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", key)).toEqual([]);
      await buckets.remove("FanOutBucket", key, marker);
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", key)).toEqual(RESOLUTIONS);
    },

    "bus: what is no picture takes the place of one": async (app, id) => {
      const buckets = bucketsOf(app);
      const key = `photos/${id}.jpg`;
      await buckets.put("BusBucket", key, await tiny("red"));
      await app.settle();
      expect(await buckets.resolutions("BusBucket", key)).toEqual(RESOLUTIONS);
      await buckets.put("BusBucket", key, "a text");
      await app.settle();
      expect(await buckets.resolutions("BusBucket", key)).toEqual([]);
      const reasons = (await deadOf(app, id)).map(
        ({ MessageAttributes = {} }) => MessageAttributes["error"]?.StringValue,
      );
      expect(reasons.filter((error) => error === "PictureRefused").length).toBeGreaterThanOrEqual(3);
      await emptied(app, "BusBucket", key);
    },

    "fan-out: a version that is gone is passed over": async (app, id) => {
      const event = gone(app, "FanOutBucket", `photos/${id}.jpg`);
      for (const queue of ["SmallWork", "MediumWork", "LargeWork"]) await bucketsOf(app).send(queue, event);
      await app.settle();
      expect(await deadOf(app, id)).toEqual([]);
    },

    "people are told": async (app, id) => {
      await bucketsOf(app).put("NoticeBucket", `${id}.txt`, "hello");
      await app.settle();
      expect(mails(app, "ada@example.com", id).length).toBeGreaterThan(0);
    },

    "a message that is none is put aside, by people's and removals' function": async (app, id) => {
      for (const queue of ["NewsWork", "RemovalWork"]) await bucketsOf(app).send(queue, `{${id}`);
      await app.settle();
      const dead = (await deadOf(app, id)).map(({ MessageAttributes = {} }) => MessageAttributes["error"]?.StringValue);
      expect(dead.filter((error) => error === "InputInvalid").length).toBeGreaterThanOrEqual(2);
    },
  },
});

/** Removes all versions and markers for good, one after the other. */
async function emptied(app: LocalApp, bucket: string, Key: string): Promise<void> {
  const s3 = app.client(S3Client);
  const Bucket = app.resource(bucket);
  const { Versions = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket, Prefix: Key }));
  for (const { VersionId } of Versions) await s3.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
  await app.settle();
  expect(await bucketsOf(app).resolutions(bucket, Key)).toEqual([]);
}
