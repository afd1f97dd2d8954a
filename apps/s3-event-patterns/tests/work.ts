import { expect } from "vitest";
import sharp from "sharp";
import type { LocalApp } from "#local/testing";
import { takeMessages } from "#local/testing/messages";
import type { Task, Work } from "#local/testing/work";
import { bucketsOf } from "./buckets.ts";
import { colourOf, photograph, plain } from "./pictures.ts";

const PERSON = "ada@example.com";
const PEOPLE = await sharp(photograph(1)).resize(320).jpeg().toBuffer();
const RED = await plain("red", 16, 16);
const BLUE = await plain("blue", 16, 16);
const NO_PICTURE = "a text";

/** Errors with which messages of this object were put aside. Who has read them deletes them. */
async function putAside(app: LocalApp, bucket: string, key: string): Promise<Set<string | undefined>> {
  const isMine = ({ Body = "" }) => Body.includes(app.resource(bucket)) && Body.includes(key);
  const letters = await takeMessages(app.cloud, app.resource("DeadLetters"), isMine);
  return new Set(letters.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue));
}

const tagged = (bucket: string): Task => {
  const kept = (id: string) => `pictures/${id}.jpg`;
  const gone = (id: string) => `pictures/gone-${id}.jpg`;
  const none = (id: string) => `pictures/none-${id}.jpg`;
  return {
    steps: [
      async (app, id) => {
        const buckets = bucketsOf(app);
        for (const key of [kept(id), gone(id)]) await buckets.put(bucket, key, PEOPLE);
        await buckets.remove(bucket, gone(id));
        await buckets.put(bucket, none(id), NO_PICTURE);
      },
    ],
    async done(app, id) {
      const buckets = bucketsOf(app);
      expect(await buckets.row(bucket, kept(id))).toMatchObject({ state: "labelled" });
      expect(await buckets.row(bucket, gone(id))).toMatchObject({ state: "removed" });
      expect(await buckets.row(bucket, none(id))).toMatchObject({ state: "refused" });
      const errors = await putAside(app, bucket, none(id));
      // Lambda's record has the error elsewhere, and is lost when the queue is away; the row stays.
      if (bucket !== "DirectBucket") expect(errors).toEqual(new Set(["PictureRefused"]));
    },
    async sound(app, id) {
      const buckets = bucketsOf(app);
      const row = (await buckets.row(bucket, kept(id))) ?? { state: "unknown" };
      expect(row.state).toMatch(/^(unknown|labelled)$/);
      if (row.state === "labelled")
        expect(row).toMatchObject({ labels: expect.arrayContaining([expect.objectContaining({ name: "Person" })]) });
      expect((await buckets.row(bucket, none(id)))?.state ?? "refused").toBe("refused");
    },
  };
};

/** The colours of the resolutions that are kept of a picture. */
async function coloursOf(app: LocalApp, bucket: string, key: string): Promise<Record<string, string>> {
  const buckets = bucketsOf(app);
  const names = await buckets.resolutions(bucket, key);
  const colour = async (name: string) => colourOf((await buckets.resolution(name, bucket, key)).bytes);
  return Object.fromEntries(await Promise.all(names.map(async (name) => [name, await colour(name)] as const)));
}

const photo = (id: string) => `photos/${id}.jpg`;

const avatars = (id: string) => ({
  back: `avatars/${id}.jpg`,
  gone: `avatars/gone-${id}.jpg`,
  none: `avatars/none-${id}.jpg`,
});

export const work: Work = {
  parameters: { PersonEmail: PERSON },
  tasks: {
    "point to point: pictures have labels as long as they are there": tagged("DirectBucket"),
    "queued: pictures have labels as long as they are there": tagged("QueuedBucket"),

    "fan-out by EventBridge: a photo is made in three resolutions": {
      steps: [async (app, id) => void (await bucketsOf(app).put("BusBucket", photo(id), RED))],
      async done(app, id) {
        expect(await coloursOf(app, "BusBucket", photo(id))).toEqual({ small: "red", medium: "red", large: "red" });
      },
    },

    "fan-out by topics: what is made of avatars is that of the version that is there": {
      steps: [
        async (app, id) => {
          for (const key of Object.values(avatars(id))) await bucketsOf(app).put("FanOutBucket", key, RED);
        },
        async (app, id) => {
          const { back, gone, none } = avatars(id);
          const buckets = bucketsOf(app);
          await buckets.remove("FanOutBucket", back, await buckets.put("FanOutBucket", back, BLUE));
          await buckets.remove("FanOutBucket", gone);
          await buckets.put("FanOutBucket", none, NO_PICTURE);
        },
      ],
      async done(app, id) {
        const { back, gone, none } = avatars(id);
        const buckets = bucketsOf(app);
        expect(await coloursOf(app, "FanOutBucket", back)).toEqual({ small: "red" });
        expect(await buckets.resolutions("FanOutBucket", gone)).toEqual([]);
        expect(await buckets.resolutions("FanOutBucket", none)).toEqual([]);
        expect(await putAside(app, "FanOutBucket", none)).toEqual(new Set(["PictureRefused"]));
      },
    },

    "people are told of a file": {
      steps: [async (app, id) => void (await bucketsOf(app).put("NoticeBucket", `${id}.txt`, "agreed"))],
      async done(app, id) {
        const mails = app.outbox.filter(
          ({ to, subject }) => to.includes(PERSON) && subject === `${id}.txt was uploaded`,
        );
        // Once, and twice only where SNS took a message and its answer was lost.
        expect(mails.length).toBeGreaterThanOrEqual(1);
      },
    },
  },
};
