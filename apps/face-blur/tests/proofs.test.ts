import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { galleryOf } from "./gallery.ts";
import { landscape, portrait } from "./pictures.ts";

proofs("face-blur", {
  uses: {
    "a picture is published with its face covered, its tags and its report": async (app, id) => {
      const gallery = galleryOf(app);
      const key = `${id}.jpg`;
      const versionId = await gallery.put(key, await portrait(), { Tagging: "album=hut" });
      await app.settle();
      expect(await gallery.report(key, versionId)).toMatchObject({ count: 1 });
      expect((await gallery.published(key)).TagCount).toBe(1);
      // The same upload is announced once more.
      const before = (await gallery.logged("published before")).length;
      await gallery.announce(key, versionId, "00");
      await app.settle();
      expect(await gallery.logged("published before")).toHaveLength(before + 1);
      expect(await gallery.reasons()).toEqual([]);
    },
    "a picture that is deleted before it is looked at leaves nothing": async (app, id) => {
      const gallery = galleryOf(app);
      const key = `${id}.jpg`;
      const versionId = await gallery.put(key, await landscape().jpeg().toBuffer());
      const Bucket = app.resource("SourceBucket");
      await app.client(S3Client).send(new DeleteObjectCommand({ Bucket, Key: key, VersionId: versionId }));
      await app.settle();
      expect(await gallery.publishedKeys()).not.toContain(key);
      expect(await gallery.reasons()).toEqual([]);
    },
    "what is no message is put aside": async (app, id) => {
      const QueueUrl = app.resource("Uploads");
      await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: id }));
      await app.settle();
      expect(await galleryOf(app).reasons()).toContainEqual(expect.stringContaining("InputInvalid"));
    },
  },
});
