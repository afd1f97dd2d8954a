import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { lookAtMessages } from "#local/testing/messages";
import type { Work } from "#local/testing/work";
import { galleryOf } from "./gallery.ts";
import { portrait } from "./pictures.ts";

const pictureOf = (id: string): string => `${id}.jpg`;
const noPictureOf = (id: string): string => `${id}.png`;

/** Below this the detector takes squares for a face now and then. */
const SURE = 60;

/** What is shown has its faces covered and is reported, from the first moment on. */
async function checkShown(app: LocalApp, key: string): Promise<void> {
  const gallery = galleryOf(app);
  if (!(await gallery.isPublished(key))) return;
  const { bytes, Metadata = {} } = await gallery.published(key);
  expect((await gallery.faces(bytes)).filter(({ Confidence = 0 }) => Confidence >= SURE)).toEqual([]);
  const report = await gallery.report(key, Metadata["face-blur-version"] ?? "");
  expect(report).toMatchObject({ key, outcome: "covered", count: 1 });
}

async function newestVersionOf(app: LocalApp, Key: string): Promise<string | undefined> {
  const Bucket = app.resource("SourceBucket");
  return (await app.client(S3Client).send(new HeadObjectCommand({ Bucket, Key }))).VersionId;
}

/** The reasons for which an upload was put aside: it is put aside again when nobody knows that it was. */
async function reasonsOf(app: LocalApp, key: string): Promise<ReadonlySet<string | undefined>> {
  const letters = await lookAtMessages(app.cloud, app.resource("DeadLetters"));
  return new Set(
    letters.flatMap(({ Body = "", MessageAttributes: { error } = {} }) =>
      Body.includes(JSON.stringify(key)) ? [error?.StringValue] : [],
    ),
  );
}

export const work: Work = {
  // Half an hour, so that the app gives up before an outage is over, and its dead letters are redriven.
  parameters: { Tries: "3" },
  tasks: {
    "a picture is published with its face covered, its tags and its report": {
      steps: [
        async (app, id) => void (await galleryOf(app).put(pictureOf(id), await portrait(), { Tagging: `album=${id}` })),
      ],
      sound: (app, id) => checkShown(app, pictureOf(id)),
      async done(app, id) {
        const key = pictureOf(id);
        const { Metadata, TagCount } = await galleryOf(app).published(key);
        expect(Metadata?.["face-blur-version"]).toBe(await newestVersionOf(app, key));
        expect(TagCount).toBe(1);
        await checkShown(app, key);
        expect(await reasonsOf(app, key)).toEqual(new Set());
      },
    },
    "what is no picture is put aside with its reason": {
      steps: [async (app, id) => void (await galleryOf(app).put(noPictureOf(id), Buffer.from(`No picture: ${id}`)))],
      async sound(app, id) {
        expect(await galleryOf(app).isPublished(noPictureOf(id))).toBe(false);
      },
      async done(app, id) {
        expect(await reasonsOf(app, noPictureOf(id))).toEqual(new Set(["PictureUnsupported"]));
      },
    },
  },
};
