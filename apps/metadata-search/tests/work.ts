import {
  GetObjectCommand,
  ListObjectsV2Command,
  PutBucketNotificationConfigurationCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import { takeMessages } from "#local/testing/messages";
import type { Work } from "#local/testing/work";
import { shelfOf } from "./shelf.ts";

/** Since when: uploads are looked for hours later, perhaps days; without a day a search lists one prefix for each day of years. */
const lately = (app: LocalApp): string => new Date(app.cloud.clock.now() - 7 * 86_400_000).toISOString().slice(0, 10);

async function start(app: LocalApp, machine: string, name: string, input: object): Promise<void> {
  const stateMachineArn = app.resource(machine);
  await app.client(SFNClient).send(new StartExecutionCommand({ stateMachineArn, name, input: JSON.stringify(input) }));
}

async function outcomeOf(app: LocalApp, machine: string, name: string) {
  const executionArn = `${app.resource(machine).replace(":stateMachine:", ":execution:")}:${name}`;
  const { status, output = "{}" } = await app.client(SFNClient).send(new DescribeExecutionCommand({ executionArn }));
  return { status, output: JSON.parse(output) as Readonly<Record<string, unknown>> };
}

const indexOf = (app: LocalApp) => ({
  async keys(Prefix: string): Promise<string[]> {
    const input = { Bucket: app.resource("IndexBucket"), Prefix };
    const { Contents = [] } = await app.client(S3Client).send(new ListObjectsV2Command(input));
    return Contents.map(({ Key = "" }) => Key);
  },
  async compaction(Key: string) {
    const { Body } = await app
      .client(S3Client)
      .send(new GetObjectCommand({ Bucket: app.resource("IndexBucket"), Key }));
    return JSON.parse((await Body?.transformToString()) ?? "") as { output: string; sources: string[] };
  },
});

/** Whether the bucket tells of what happens in it. */
async function listen(app: LocalApp, isOn: boolean): Promise<void> {
  const NotificationConfiguration = isOn ? { EventBridgeConfiguration: {} } : {};
  const input = { Bucket: app.resource("SourceBucket"), NotificationConfiguration };
  await app.client(S3Client).send(new PutBucketNotificationConfigurationCommand(input));
}

/** What searches and reports have answered. */
const answers = new Map<string, unknown>();
/** What was there when a compaction was started. */
const fragments = new Map<string, readonly string[]>();

export const work: Work = {
  parameters: { IndexWithinSeconds: "1", GraceMinutes: "31" },
  async begin(app) {
    // Compactions that follow have something to remove.
    for (const key of ["begin/a", "begin/b"]) {
      await shelfOf(app).put(key);
      await app.settle();
    }
    await start(app, "CompactIndex", "begin", {});
    await app.settle();
  },
  tasks: {
    "uploads are found and reported where they are incomplete, and are gone once deleted": {
      steps: [
        async (app, id) => {
          await shelfOf(app).put(`${id}/gone.txt`, { Metadata: { "customer-id": id } });
          await shelfOf(app).put(`${id}/a.txt`, { Metadata: { "customer-id": id }, Tagging: "team=blue" });
        },
        async (app, id) => void (await shelfOf(app).remove(`${id}/gone.txt`)),
        async (app, id) =>
          void answers.set(
            `${id} found`,
            (await shelfOf(app).search({ customer: id, from: lately(app) })).objects.map(({ key }) => key),
          ),
        async (app, id) => {
          const { objects } = await shelfOf(app).missing({ from: lately(app), limit: 999 });
          answers.set(
            `${id} missing`,
            objects.filter(({ key }) => key.startsWith(`${id}/`)).map(({ key, missing }) => [key, missing]),
          );
        },
      ],
      async done(app, id) {
        const { objects } = await shelfOf(app).search({ keyPrefix: `${id}/`, from: lately(app) });
        expect(objects.map(({ key, customer, tags }) => [key, customer, tags])).toEqual([
          [`${id}/a.txt`, id, { team: "blue" }],
        ]);
        expect([...answers.keys()]).toEqual(expect.arrayContaining([`${id} found`, `${id} missing`]));
      },
      // An answer that is given is whole, whatever fails: half of it would be taken for all that there is.
      async sound(_app, id) {
        expect([undefined, [`${id}/a.txt`]]).toContainEqual(answers.get(`${id} found`));
        const missing = [[`${id}/a.txt`, ["category", "received-date"]]];
        expect([undefined, missing]).toContainEqual(answers.get(`${id} missing`));
      },
    },

    "small files are merged, and the merged ones go": {
      steps: [
        async (app, id) => void (await shelfOf(app).put(`${id}/merged.txt`, { Metadata: { "customer-id": id } })),
        async (app, id) => {
          fragments.set(id, await indexOf(app).keys("objects/"));
          // As the schedule does.
          await start(app, "CompactIndex", id, {});
        },
      ],
      async done(app, id) {
        expect(await outcomeOf(app, "CompactIndex", id)).toMatchObject({ status: "SUCCEEDED" });
        const index = indexOf(app);
        const present = await index.keys("objects/");
        const compactions = await Promise.all((await index.keys("compactions/")).map(index.compaction));
        const complete = compactions.filter(({ output }) => present.includes(output));
        const merged = new Set(complete.flatMap(({ sources }) => sources));
        const left = (fragments.get(id) ?? []).filter((file) => present.includes(file) && !merged.has(file));
        const days = left.map((file) => file.slice(0, file.lastIndexOf("/")));
        // What is alone on its day stays.
        expect(days).toEqual([...new Set(days)]);
        expect(fragments.get(id)).not.toEqual([]);
        expect(await shelfOf(app).keys({ customer: id, from: lately(app) })).toEqual([`${id}/merged.txt`]);
      },
      async sound(app, id) {
        // While files are merged and go, each object is there, once.
        if (fragments.has(id))
          expect(await shelfOf(app).keys({ customer: id, from: lately(app) })).toEqual([`${id}/merged.txt`]);
      },
    },

    "what was there before is indexed": {
      steps: [
        async (app, id) => {
          await listen(app, false);
          await shelfOf(app).put(`${id}/old.txt`, { Metadata: { category: id }, Tagging: "a=b" });
          await listen(app, true);
        },
        async (app, id) => start(app, "BackfillIndex", id, { prefix: `${id}/old` }),
      ],
      async done(app, id) {
        const outcome = await outcomeOf(app, "BackfillIndex", id);
        expect(outcome).toEqual({ status: "SUCCEEDED", output: { indexed: 1, rounds: 1 } });
        expect(await shelfOf(app).keys({ category: id, from: lately(app) })).toEqual([`${id}/old.txt`]);
      },
    },

    "a message that is none is put aside": {
      steps: [
        async (app, id) =>
          void (await app
            .client(SQSClient)
            .send(new SendMessageCommand({ QueueUrl: app.resource("Happenings"), MessageBody: `{${id}` }))),
      ],
      async done(app, id) {
        const mine = await takeMessages(app.cloud, app.resource("DeadLetters"), ({ Body }) => Body === `{${id}`);
        expect(mine.length).toBeGreaterThan(0);
        for (const { MessageAttributes } of mine)
          expect(MessageAttributes?.["error"]?.StringValue).toBe("InputInvalid");
      },
    },
  },
};
