import {
  DeleteObjectCommand,
  GetObjectCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import type { Change, ChangePage } from "../src/change-log.ts";
import { versionsIn } from "./versions-in.ts";

let app: LocalApp;
let s3: S3Client;
const start = async (parameters: Record<string, string> = {}) => {
  app = await deploy("difference-checker", { parameters });
  s3 = app.client(S3Client);
};
afterEach(() => app[Symbol.asyncDispose]());

const put = async (key: string, Body: string | Uint8Array) =>
  (await s3.send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: key, Body }))).VersionId ?? "";
/** Uploads one after the other, each compared before the next. */
const upload = async (key: string, ...bodies: (string | Uint8Array)[]) => {
  for (const body of bodies) {
    await put(key, body);
    await app.settle();
  }
};
const changes = async (question: object) => (await app.invoke("FindChanges", question)) as ChangePage;
const changesOf = async (key: string): Promise<readonly Change[]> => (await changes({ key, limit: 100 })).changes;
const differenceOf = async ({ differenceKey = "" }: Change) => {
  const { Body } = await s3.send(
    new GetObjectCommand({ Bucket: app.resource("DifferencesBucket"), Key: differenceKey }),
  );
  return Body?.transformToString();
};
const logged = async (message: string) =>
  (await app.logs("CompareVersion")).flatMap(({ json }) => (json?.["message"] === message ? [json] : []));
const dead = async () =>
  (
    await app.client(SQSClient).send(
      new ReceiveMessageCommand({
        QueueUrl: app.resource("DeadLetters"),
        MaxNumberOfMessages: 10,
        MessageAttributeNames: ["All"],
      }),
    )
  ).Messages ?? [];

describe("uploads", () => {
  beforeEach(() => start());

  it("says nothing changed for the first version, and fails nothing", async () => {
    await upload("a.txt", "one\n");
    expect(await changesOf("a.txt")).toMatchObject([
      { versionNumber: 1, kind: "first", summary: "first version, 4 bytes" },
    ]);
    expect(await dead()).toEqual([]);
  });

  it("logs and keeps the difference of each version to the one before it", async () => {
    await upload("a.txt", "one\ntwo\n", "one\nzwei\n");
    const [second] = await changesOf("a.txt");
    expect(second).toMatchObject({ versionNumber: 2, kind: "text", summary: "1 line added, 1 removed" });
    expect(second && (await differenceOf(second))).toBe(
      "--- a/a.txt\n+++ b/a.txt\n@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n",
    );
    expect(await logged("difference")).toMatchObject([
      { version: 1 },
      {
        version: 2,
        previous: 1,
        difference: [
          { value: "two", removed: true },
          { value: "zwei", added: true },
        ],
      },
    ]);
  });

  it("compares JSON by structure", async () => {
    await upload("a.json", '{"a":1,"b":2}', '{"b":3,"a":1}');
    const [second] = await changesOf("a.json");
    expect(second).toMatchObject({ kind: "json", summary: "1 value changed" });
    expect(JSON.parse((second && (await differenceOf(second))) ?? "")).toMatchObject({
      changes: [{ op: "replace", path: "/b", before: 2, after: 3 }],
    });
  });

  it("takes keys with blanks, percent signs and letters of any alphabet as they are", async () => {
    const key = "folder name/50% + größer/文件.txt";
    await upload(key, "a\n", "b\n");
    expect(await changesOf(key)).toHaveLength(2);
  });

  it("does not mix up keys that begin alike", async () => {
    await upload("a.txt", "1\n");
    await upload("a.txt.txt", "x\n");
    await upload("a.txt", "2\n");
    expect((await changesOf("a.txt")).map(({ versionNumber, kind }) => [versionNumber, kind])).toEqual([
      [2, "text"],
      [1, "first"],
    ]);
  });

  it("leaves other kinds of files alone, and does not mind the case of a suffix", async () => {
    await upload("a.png", "x", "y");
    await upload("b.TXT", "x");
    expect(await changesOf("a.png")).toEqual([]);
    expect(await changesOf("b.TXT")).toHaveLength(1);
  });

  it("compares every one of many quick uploads with its own predecessor, once", async () => {
    for (let number = 1; number <= 8; number++) await put("a.txt", `${number}\n`);
    await app.settle();
    const found = await changesOf("a.txt");
    expect(found.map(({ versionNumber }) => versionNumber).sort()).toHaveLength(8);
    for (const change of found.filter(({ kind }) => kind === "text")) {
      const patch = (await differenceOf(change)) ?? "";
      const [before, after] = [/^-(\d)/m.exec(patch)?.[1], /^\+(\d)/m.exec(patch)?.[1]].map(Number);
      expect((after ?? 0) - (before ?? 0)).toBe(1);
    }
    expect(await versionsIn(app, "a.txt")).toHaveLength(3);
  });

  it("tells only sizes of what is no text", async () => {
    await upload("a.txt", Buffer.from([0, 1]), Buffer.from([0, 1, 2]));
    expect((await changesOf("a.txt"))[0]).toMatchObject({
      kind: "binary",
      summary: "2 bytes before, 3 after, not text",
    });
  });

  it("goes on after the object was deleted and made again", async () => {
    await upload("a.txt", "1\n");
    await s3.send(new DeleteObjectCommand({ Bucket: app.resource("SourceBucket"), Key: "a.txt" }));
    await upload("a.txt", "2\n");
    expect((await changesOf("a.txt"))[0]).toMatchObject({ versionNumber: 2, kind: "text" });
  });

  it("takes an object that is older than versioning as the first version", async () => {
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: app.resource("SourceBucket"),
        VersioningConfiguration: { Status: "Suspended" },
      }),
    );
    await upload("a.txt", "1\n");
    await s3.send(
      new PutBucketVersioningCommand({
        Bucket: app.resource("SourceBucket"),
        VersioningConfiguration: { Status: "Enabled" },
      }),
    );
    await upload("a.txt", "2\n");
    expect((await changesOf("a.txt")).map(({ kind, previousVersionId }) => [kind, previousVersionId])).toEqual([
      ["text", "null"],
      ["first", undefined],
    ]);
  });
});

describe("retention", () => {
  it("keeps three versions: the fourth upload removes the first, after it was compared", async () => {
    await start();
    const first = await put("a.txt", "1\n");
    await app.settle();
    await upload("a.txt", "2\n", "3\n");
    expect(await versionsIn(app, "a.txt")).toHaveLength(3);
    await upload("a.txt", "4\n");
    expect(await versionsIn(app, "a.txt")).not.toContain(first);
    expect(await versionsIn(app, "a.txt")).toHaveLength(3);
    expect((await changesOf("a.txt"))[0]).toMatchObject({ versionNumber: 4, kind: "text" });
  });

  it("keeps versions tagged retain=yes where it is asked to", async () => {
    await start({ KeepVersions: "1", KeepTagged: "true" });
    const first = await put("a.txt", "1\n");
    await s3.send(
      new PutObjectTaggingCommand({
        Bucket: app.resource("SourceBucket"),
        Key: "a.txt",
        VersionId: first,
        Tagging: { TagSet: [{ Key: "retain", Value: "yes" }] },
      }),
    );
    await app.settle();
    await upload("a.txt", "2\n", "3\n");
    expect(await versionsIn(app, "a.txt")).toEqual([expect.any(String), first]);
  });

  it("only says what it would remove in a dry run", async () => {
    await start({ KeepVersions: "1", DryRun: "true" });
    await upload("a.txt", "1\n", "2\n");
    expect(await versionsIn(app, "a.txt")).toHaveLength(2);
    expect(await logged("versions would be removed")).toMatchObject([{ versions: [1] }]);
  });

  it.each(["0", "-1", "x"])("refuses to be deployed with %s versions to keep", async (KeepVersions) => {
    await start();
    await expect(deploy("difference-checker", { parameters: { KeepVersions } })).rejects.toThrow("KeepVersions");
  });
});

describe("large versions", () => {
  it("are compared within a bounded time when they differ here and there", async () => {
    await start();
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} of a long file with some words in it`);
    await upload(
      "a.txt",
      lines.join("\n"),
      lines.map((line, index) => (index % 100 === 0 ? `${line} changed` : line)).join("\n"),
    );
    expect((await changesOf("a.txt"))[0]).toMatchObject({ kind: "text", summary: "600 lines added, 600 removed" });
  });

  it("are told by size beyond the limit", async () => {
    await start({ LongestComparedBytes: "1000" });
    await upload("a.txt", "x".repeat(1001), "y");
    expect((await changesOf("a.txt"))[0]).toMatchObject({
      kind: "tooLarge",
      summary: "1001 bytes before, 1 after, too large to compare",
    });
  });
});

describe("trouble", () => {
  beforeEach(() => start());

  it("a notification that comes twice changes nothing the second time", async () => {
    await upload("a.txt", "1\n", "2\n");
    const [second] = await changesOf("a.txt");
    const detail = {
      bucket: { name: app.resource("SourceBucket") },
      object: { key: "a.txt", "version-id": second?.versionId },
    };
    const body = {
      version: "0",
      id: "x",
      source: "aws.s3",
      "detail-type": "Object Created",
      account: "1",
      time: "2030-01-07T12:00:00Z",
      region: "r",
      resources: [],
      detail,
    };
    const MessageBody = JSON.stringify(body);
    await Promise.all(
      [1, 2].map(() =>
        app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody })),
      ),
    );
    await app.settle();
    expect(await changesOf("a.txt")).toHaveLength(2);
    expect(await logged("difference")).toHaveLength(2);
  });

  it("a poisoned message goes to the dead-letter queue, and its neighbours are done", async () => {
    await app
      .client(SQSClient)
      .send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody: "{not json" }));
    await put("a.txt", "1\n");
    await app.settle();
    expect(await changesOf("a.txt")).toHaveLength(1);
    expect(
      (await dead()).map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.["reason"]?.StringValue]),
    ).toEqual([["{not json", expect.stringContaining("not valid JSON")]]);
  });

  it.each([
    ["s3", "ListObjectVersions"],
    ["s3", "GetObject"],
    ["s3", "PutObject"],
    ["s3", "DeleteObjects"],
    ["dynamodb", "GetItem"],
    ["dynamodb", "PutItem"],
    ["dynamodb", "BatchGetItem"],
  ])("a throttled %s %s loses nothing", async (service, operation) => {
    await upload("a.txt", "1\n", "2\n", "3\n");
    const fault = app.cloud.faults.add({ service, operation, error: "throttle", times: 3, role: "CompareVersion" });
    await upload("a.txt", "4\n");
    expect(fault.hits).toBe(3);
    expect((await changesOf("a.txt")).map(({ versionNumber }) => versionNumber)).toEqual([4, 3, 2, 1]);
    expect(await versionsIn(app, "a.txt")).toHaveLength(3);
    expect(await dead()).toEqual([]);
  });

  it("versions that could not be removed are removed by the retry", async () => {
    await upload("a.txt", "1\n", "2\n", "3\n");
    app.cloud.faults.add({
      service: "s3",
      operation: "DeleteObjects",
      error: { name: "InternalError", status: 500 },
      times: 8,
      role: "CompareVersion",
    });
    await upload("a.txt", "4\n");
    expect(await versionsIn(app, "a.txt")).toHaveLength(3);
    expect(await changesOf("a.txt")).toHaveLength(4);
  });
});

describe("an alarm", () => {
  it("is mailed when an upload is put aside", async () => {
    await start({ AlarmEmail: "ops@example.com" });
    await app
      .client(SQSClient)
      .send(new SendMessageCommand({ QueueUrl: app.resource("Uploads"), MessageBody: "{not json" }));
    await app.settle();
    await app.advance(180);
    expect(app.outbox.map(({ to, subject }) => [to, subject])).toEqual([
      [["ops@example.com"], expect.stringMatching(/^ALARM: .*DeadLettersAlarm/)],
    ]);
  });
});

describe("questions about changes", () => {
  beforeEach(() => start());

  it("are answered by object and by day, page by page, the newest first", async () => {
    for (const body of ["1\n", "2\n", "3\n"]) {
      await upload("a.txt", body);
      await app.advance(60);
    }
    await upload("b.txt", "x\n");
    const first = await changes({ key: "a.txt", limit: 2 });
    const second = await changes({ key: "a.txt", limit: 2, nextToken: first.nextToken });
    expect([...first.changes, ...second.changes].map(({ versionNumber }) => versionNumber)).toEqual([3, 2, 1]);
    expect((await changes({ day: "2030-01-07" })).changes.map(({ key }) => key)).toEqual([
      "b.txt",
      "a.txt",
      "a.txt",
      "a.txt",
    ]);
  });

  it.each([
    ["nothing", {}, "InputInvalid"],
    ["both", { key: "a", day: "2030-01-07" }, "InputInvalid"],
    ["a wrong day", { day: "7 January" }, "InputInvalid"],
    ["a limit beyond reason", { key: "a", limit: 1000 }, "InputInvalid"],
    ["a made-up token", { key: "a", nextToken: "abc" }, "InputInvalid"],
  ])("are refused when they name %s", async (_name, question, name) => {
    await expect(app.invoke("FindChanges", question)).rejects.toMatchObject({ name });
  });

  it("are forgotten after a year", async () => {
    await upload("a.txt", "1\n");
    await app.advance(368 * 86_400);
    expect(await changesOf("a.txt")).toEqual([]);
  });
});
