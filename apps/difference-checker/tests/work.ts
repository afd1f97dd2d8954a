import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { Step, Work } from "#local/testing/work";
import type { ChangePage } from "../src/change-log.ts";
import { versionsIn } from "./versions-in.ts";

const keyOf = (id: string): string => `${id}.txt`;

const upload =
  (Body: string): Step =>
  async (app, id) =>
    void (await app
      .client(S3Client)
      .send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: keyOf(id), Body })));

export const work: Work = {
  parameters: { KeepVersions: "1" },
  tasks: {
    "two versions are compared, and the older one goes": {
      steps: [upload("one\ntwo\n"), upload("one\nzwei\n")],
      async done(app, id) {
        const { changes } = (await app.invoke("FindChanges", { key: keyOf(id) })) as ChangePage;
        expect(changes.map(({ kind, summary }) => [kind, summary])).toEqual([
          ["text", "1 line added, 1 removed"],
          ["first", "first version, 8 bytes"],
        ]);
        const Key = changes[0]?.differenceKey;
        await app.client(S3Client).send(new HeadObjectCommand({ Bucket: app.resource("DifferencesBucket"), Key }));
        expect(await versionsIn(app, keyOf(id))).toHaveLength(1);
      },
    },
  },
};
