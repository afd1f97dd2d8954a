import type { Message } from "@aws-sdk/client-sqs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs, type Use } from "#local/testing/proofs";
import { bucketsOf } from "./buckets.ts";
import { plain } from "./pictures.ts";

const RESOLUTIONS = ["large", "medium", "small"];
const TINY = await plain("red", 16, 16);

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
const errorOf = ({ MessageAttributes }: Message) => MessageAttributes?.["error"]?.StringValue;
const mails = (app: LocalApp, to: string, id: string) =>
  app.outbox.filter((message) => message.to.includes(to) && message.text?.includes(id));

/** Removing what is not there leaves a delete marker, and an event. */
const removal =
  (bucket: string): Use =>
  async (app, id) => {
    const buckets = bucketsOf(app);
    await buckets.remove(bucket, `pictures/${id}.jpg`);
    await app.settle();
    expect(await buckets.row(bucket, `pictures/${id}.jpg`)).toMatchObject({ state: "removed" });
  };

/** Labels are found by a large model: what is proved here is proved without, and other tests look at labels. */
proofs("s3-event-patterns", {
  parameters: { PersonEmail: "ada@example.com", TaggedEmail: "ops@example.com" },
  spare: {
    "TellPeople dynamodb:GetItem": "asked only where a refused write does not say what is there",
    "TellPeople dynamodb:DeleteItem": "without it a failed message is tried again later, not at once",
  },
  uses: {
    "queued: a version that is gone is passed over": async (app, id) => {
      await bucketsOf(app).send("Pictures", gone(app, "QueuedBucket", `pictures/${id}.jpg`));
      await app.settle();
      expect(await deadOf(app, id)).toEqual([]);
    },

    "queued: what is no picture is put aside": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("QueuedBucket", `pictures/${id}.jpg`, "a text");
      await app.settle();
      expect(await buckets.row("QueuedBucket", `pictures/${id}.jpg`)).toMatchObject({ state: "refused" });
      expect((await deadOf(app, id)).map(errorOf)).toContain("PictureRefused");
    },

    "queued: a removal is noted": removal("QueuedBucket"),

    "direct: a version that is gone is passed over": async (app, id) => {
      const FunctionName = app.resource("TagDirect");
      const Payload = JSON.stringify(gone(app, "DirectBucket", `pictures/${id}.jpg`));
      await app.client(LambdaClient).send(new InvokeCommand({ FunctionName, InvocationType: "Event", Payload }));
      await app.settle();
      expect(mails(app, "ops@example.com", id).length).toBeGreaterThan(0);
      expect(await deadOf(app, id)).toEqual([]);
    },

    "direct: what is no picture goes to the dead letters": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("DirectBucket", `pictures/${id}.jpg`, "a text");
      await app.settle();
      expect(await buckets.row("DirectBucket", `pictures/${id}.jpg`)).toMatchObject({ state: "refused" });
      const [dead] = await deadOf(app, id);
      expect(JSON.parse(dead?.Body ?? "{}")).toMatchObject({ responsePayload: { errorType: "PictureRefused" } });
    },

    "direct: a removal is noted": removal("DirectBucket"),

    "fan-out: a version that is gone is passed over": async (app, id) => {
      const event = gone(app, "FanOutBucket", `photos/${id}.jpg`);
      for (const queue of ["SmallWork", "MediumWork", "LargeWork"]) await bucketsOf(app).send(queue, event);
      await app.settle();
      expect(await deadOf(app, id)).toEqual([]);
    },

    "fan-out: a picture is made": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("FanOutBucket", `photos/${id}.jpg`, TINY);
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", `photos/${id}.jpg`)).toEqual(RESOLUTIONS);
    },

    "bus: what is no picture takes the place of one": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("BusBucket", `photos/${id}.jpg`, TINY);
      await app.settle();
      expect(await buckets.resolutions("BusBucket", `photos/${id}.jpg`)).toEqual(RESOLUTIONS);
      await buckets.put("BusBucket", `photos/${id}.jpg`, "a text");
      await app.settle();
      expect(await buckets.resolutions("BusBucket", `photos/${id}.jpg`)).toEqual([]);
      const errors = (await deadOf(app, id)).map(errorOf);
      expect(errors.filter((error) => error === "PictureRefused").length).toBeGreaterThanOrEqual(3);
    },

    "fan-out: what was made is removed, and brought back": async (app, id) => {
      const buckets = bucketsOf(app);
      await buckets.put("FanOutBucket", `avatars/${id}.jpg`, TINY);
      await app.settle();
      const marker = await buckets.remove("FanOutBucket", `avatars/${id}.jpg`);
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", `avatars/${id}.jpg`)).toEqual([]);
      await buckets.remove("FanOutBucket", `avatars/${id}.jpg`, marker);
      await app.settle();
      expect(await buckets.resolutions("FanOutBucket", `avatars/${id}.jpg`)).toEqual(["small"]);
    },

    "people are told": async (app, id) => {
      await bucketsOf(app).put("NoticeBucket", `${id}.txt`, "hello");
      await app.settle();
      expect(mails(app, "ada@example.com", id).length).toBeGreaterThan(0);
      expect(await deadOf(app, id)).toEqual([]);
    },

    "a message that is none is put aside": async (app, id) => {
      for (const queue of ["NewsWork", "RemovalWork"]) await bucketsOf(app).send(queue, `{${id}`);
      await app.settle();
      const errors = (await deadOf(app, id)).map(errorOf);
      expect(errors.filter((error) => error === "InputInvalid").length).toBeGreaterThanOrEqual(2);
    },
  },
});
