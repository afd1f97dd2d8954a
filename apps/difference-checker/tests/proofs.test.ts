import { HeadObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { proofs } from "#local/testing/proofs";
import type { ChangePage } from "../src/change-log.ts";
import { versionsIn } from "./versions-in.ts";

const bodies = ["one\ntwo\n", "one\nzwei\n"];

const upload = async (app: LocalApp, Key: string, Body: string) => {
  await app.client(S3Client).send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key, Body }));
  await app.settle();
};

proofs("difference-checker", {
  parameters: { KeepVersions: "1", KeepTagged: "true" },
  uses: {
    "two versions are compared and the older one goes": async (app, id) => {
      const key = `${id}.txt`;
      for (const body of bodies) await upload(app, key, body);
      const { changes } = (await app.invoke("FindChanges", { key })) as ChangePage;
      expect(changes.map(({ kind, summary }) => [kind, summary])).toEqual([
        ["text", "1 line added, 1 removed"],
        ["first", "first version, 8 bytes"],
      ]);
      const Key = changes[0]?.differenceKey;
      await app.client(S3Client).send(new HeadObjectCommand({ Bucket: app.resource("DifferencesBucket"), Key }));
      const day = (await app.invoke("FindChanges", {
        day: changes[0]?.changedAt.slice(0, 10),
        limit: 2,
      })) as ChangePage;
      expect(day.changes.map((change) => change.key)).toEqual([key, key]);
      expect(await versionsIn(app, key)).toHaveLength(1);
    },

    "a message that is none is put aside": async (app, id) => {
      const QueueUrl = app.resource("Uploads");
      await app.client(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: `{${id}` }));
      await app.settle();
      const mine = (await app.messages("DeadLetters")).filter(({ Body }) => Body === `{${id}`);
      expect(mine.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toContain("InputInvalid");
    },
  },
});
