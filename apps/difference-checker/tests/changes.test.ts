import { DeleteObjectCommand, PutBucketVersioningCommand, PutObjectTaggingCommand } from "@aws-sdk/client-s3";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { deploy } from "#local/testing";
import { type Checker, startChecker } from "./checker.ts";

let checker: Checker;
beforeAll(async () => {
  checker = await startChecker();
});
afterAll(() => checker[Symbol.asyncDispose]());

/** The key of a test's object, which no other test uses. */
let key: string;
let number = 0;
beforeEach(() => void (key = `file-${++number}.txt`));
afterEach(async () => {
  checker.app.cloud.faults.clear();
  await checker.dead();
});

describe("uploads", () => {
  it("says nothing changed for the first version, and fails nothing", async () => {
    await checker.upload(key, "one\n");
    expect(await checker.changesOf(key)).toMatchObject([
      { versionNumber: 1, kind: "first", summary: "first version, 4 bytes" },
    ]);
    expect(await checker.dead()).toEqual([]);
  });

  it("logs and keeps the difference of each version to the one before it", async () => {
    await checker.upload(key, "one\ntwo\n", "one\nzwei\n");
    const [second] = await checker.changesOf(key);
    expect(second).toMatchObject({ versionNumber: 2, kind: "text", summary: "1 line added, 1 removed" });
    expect(second && (await checker.differenceOf(second))).toBe(
      `--- a/${key}\n+++ b/${key}\n@@ -1,2 +1,2 @@\n one\n-two\n+zwei\n`,
    );
    expect(await checker.logged("difference", key)).toMatchObject([
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
    await checker.upload("a.json", '{"a":1,"b":2}', '{"b":3,"a":1}');
    const [second] = await checker.changesOf("a.json");
    expect(second).toMatchObject({ kind: "json", summary: "1 value changed" });
    expect(JSON.parse((second && (await checker.differenceOf(second))) ?? "")).toMatchObject({
      changes: [{ op: "replace", path: "/b", before: 2, after: 3 }],
    });
  });

  it("takes keys with blanks, percent signs and letters of any alphabet as they are", async () => {
    const key = "folder name/50% + größer/文件.txt";
    await checker.upload(key, "a\n", "b\n");
    expect(await checker.changesOf(key)).toHaveLength(2);
  });

  it("does not mix up keys that begin alike", async () => {
    await checker.upload(key, "1\n");
    await checker.upload(`${key}.txt`, "x\n");
    await checker.upload(key, "2\n");
    expect((await checker.changesOf(key)).map(({ versionNumber, kind }) => [versionNumber, kind])).toEqual([
      [2, "text"],
      [1, "first"],
    ]);
  });

  it("leaves other kinds of files alone, and does not mind the case of a suffix", async () => {
    await checker.upload("a.png", "x", "y");
    await checker.upload("b.TXT", "x");
    expect(await checker.changesOf("a.png")).toEqual([]);
    expect(await checker.changesOf("b.TXT")).toHaveLength(1);
  });

  it("compares every one of many quick uploads with its own predecessor, once, and keeps the newest", async () => {
    for (let number = 1; number <= 8; number++) await checker.put(key, `${number}\n`);
    await checker.app.settle();
    const found = await checker.changesOf(key);
    expect(found.map(({ versionNumber }) => versionNumber).sort()).toHaveLength(8);
    for (const change of found.filter(({ kind }) => kind === "text")) {
      const patch = (await checker.differenceOf(change)) ?? "";
      const [before, after] = [/^-(\d)/m.exec(patch)?.[1], /^\+(\d)/m.exec(patch)?.[1]].map(Number);
      expect((after ?? 0) - (before ?? 0)).toBe(1);
    }
    expect(await checker.versions(key)).toHaveLength(3);
  });

  it("tells only sizes of what is no text", async () => {
    await checker.upload(key, Buffer.from([0, 1]), Buffer.from([0, 1, 2]));
    expect((await checker.changesOf(key))[0]).toMatchObject({
      kind: "binary",
      summary: "2 bytes before, 3 after, not text",
    });
  });

  it("goes on after the object was deleted and made again", async () => {
    await checker.upload(key, "1\n");
    await checker.s3.send(new DeleteObjectCommand({ Bucket: checker.app.resource("SourceBucket"), Key: key }));
    await checker.upload(key, "2\n");
    expect((await checker.changesOf(key))[0]).toMatchObject({ versionNumber: 2, kind: "text" });
  });

  it("takes an object that is older than versioning as the first version", async () => {
    await checker.s3.send(
      new PutBucketVersioningCommand({
        Bucket: checker.app.resource("SourceBucket"),
        VersioningConfiguration: { Status: "Suspended" },
      }),
    );
    await checker.upload(key, "1\n");
    await checker.s3.send(
      new PutBucketVersioningCommand({
        Bucket: checker.app.resource("SourceBucket"),
        VersioningConfiguration: { Status: "Enabled" },
      }),
    );
    await checker.upload(key, "2\n");
    expect((await checker.changesOf(key)).map(({ kind, previousVersionId }) => [kind, previousVersionId])).toEqual([
      ["text", "null"],
      ["first", undefined],
    ]);
  });
});

describe("retention", () => {
  it("keeps three versions: the fourth upload removes the first, after it was compared", async () => {
    const first = await checker.put(key, "1\n");
    await checker.app.settle();
    await checker.upload(key, "2\n", "3\n");
    expect(await checker.versions(key)).toHaveLength(3);
    await checker.upload(key, "4\n");
    expect(await checker.versions(key)).not.toContain(first);
    expect(await checker.versions(key)).toHaveLength(3);
    expect((await checker.changesOf(key))[0]).toMatchObject({ versionNumber: 4, kind: "text" });
  });

  it("keeps versions tagged retain=yes where it is asked to", async () => {
    await using other = await startChecker({ KeepVersions: "1", KeepTagged: "true" });
    const first = await other.put(key, "1\n");
    await other.s3.send(
      new PutObjectTaggingCommand({
        Bucket: other.app.resource("SourceBucket"),
        Key: key,
        VersionId: first,
        Tagging: { TagSet: [{ Key: "retain", Value: "yes" }] },
      }),
    );
    await other.app.settle();
    await other.upload(key, "2\n", "3\n");
    expect(await other.versions(key)).toEqual([expect.any(String), first]);
  });

  it("only says what it would remove in a dry run", async () => {
    await using other = await startChecker({ KeepVersions: "1", DryRun: "true" });
    await other.upload(key, "1\n", "2\n");
    expect(await other.versions(key)).toHaveLength(2);
    expect(await other.logged("versions would be removed", key)).toMatchObject([{ versions: [1] }]);
  });

  it.each(["0", "-1", "x"])("refuses to be deployed with %s versions to keep", async (KeepVersions) => {
    await expect(deploy("difference-checker", { parameters: { KeepVersions } })).rejects.toThrow("KeepVersions");
  });
});

describe("large versions", () => {
  it("are compared within a bounded time when they differ here and there", async () => {
    const lines = Array.from({ length: 60_000 }, (_, index) => `line ${index} of a long file with some words in it`);
    await checker.upload(
      key,
      lines.join("\n"),
      lines.map((line, index) => (index % 100 === 0 ? `${line} changed` : line)).join("\n"),
    );
    expect((await checker.changesOf(key))[0]).toMatchObject({ kind: "text", summary: "600 lines added, 600 removed" });
  });

  it("are told by size beyond the limit", async () => {
    await using other = await startChecker({ LongestComparedBytes: "1000" });
    await other.upload(key, "x".repeat(1001), "y");
    expect((await other.changesOf(key))[0]).toMatchObject({
      kind: "tooLarge",
      summary: "1001 bytes before, 1 after, too large to compare",
    });
  });
});

describe("trouble", () => {
  it("a notification that comes twice changes nothing the second time", async () => {
    await checker.upload(key, "1\n", "2\n");
    const [second] = await checker.changesOf(key);
    const detail = {
      bucket: { name: checker.app.resource("SourceBucket") },
      object: { key, "version-id": second?.versionId },
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
    await Promise.all([1, 2].map(() => checker.tell(JSON.stringify(body))));
    await checker.app.settle();
    expect(await checker.changesOf(key)).toHaveLength(2);
    expect(await checker.logged("difference", key)).toHaveLength(2);
  });

  it("a poisoned message goes to the dead-letter queue, and its neighbours are done", async () => {
    await checker.tell("{not json");
    await checker.put(key, "1\n");
    await checker.app.settle();
    expect(await checker.changesOf(key)).toHaveLength(1);
    expect(
      (await checker.dead()).map(({ Body, MessageAttributes }) => [Body, MessageAttributes?.["reason"]?.StringValue]),
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
    await checker.upload(key, "1\n", "2\n", "3\n");
    const fault = checker.app.cloud.faults.add({
      service,
      operation,
      error: "throttle",
      times: 3,
      role: "CompareVersion",
    });
    await checker.upload(key, "4\n");
    expect(fault.hits).toBe(3);
    expect((await checker.changesOf(key)).map(({ versionNumber }) => versionNumber)).toEqual([4, 3, 2, 1]);
    expect(await checker.versions(key)).toHaveLength(3);
    expect(await checker.dead()).toEqual([]);
  });

  it("versions that could not be removed are removed by the retry", async () => {
    await checker.upload(key, "1\n", "2\n", "3\n");
    checker.app.cloud.faults.add({
      service: "s3",
      operation: "DeleteObjects",
      error: { name: "InternalError", status: 500 },
      times: 8,
      role: "CompareVersion",
    });
    await checker.upload(key, "4\n");
    expect(await checker.versions(key)).toHaveLength(3);
    expect(await checker.changesOf(key)).toHaveLength(4);
  });
});

describe("an alarm", () => {
  it("is mailed when an upload is put aside", async () => {
    await using other = await startChecker({ AlarmEmail: "ops@example.com" });
    await other.tell("{not json");
    await other.app.settle();
    await other.app.advance(180);
    expect(other.app.outbox.map(({ to, subject }) => [to, subject])).toEqual([
      [["ops@example.com"], expect.stringMatching(/^ALARM: .*DeadLettersAlarm/)],
    ]);
  });
});

describe("questions about changes", () => {
  it("are answered by object and by day, page by page, the newest first", async () => {
    for (const body of ["1\n", "2\n", "3\n"]) {
      await checker.upload(key, body);
      await checker.app.advance(60);
    }
    const another = `another-${key}`;
    await checker.upload(another, "x\n");
    const first = await checker.changes({ key, limit: 2 });
    const second = await checker.changes({ key, limit: 2, nextToken: first.nextToken });
    expect([...first.changes, ...second.changes].map(({ versionNumber }) => versionNumber)).toEqual([3, 2, 1]);
    const day = first.changes[0]?.changedAt.slice(0, 10);
    const ofDay = (await checker.changes({ day, limit: 100 })).changes.map((change) => change.key);
    expect(ofDay.filter((found) => found.endsWith(key))).toEqual([another, key, key, key]);
  });

  it.each([
    ["nothing", {}, "InputInvalid"],
    ["both", { key: "a", day: "2030-01-07" }, "InputInvalid"],
    ["a wrong day", { day: "7 January" }, "InputInvalid"],
    ["a limit beyond reason", { key: "a", limit: 1000 }, "InputInvalid"],
    ["a made-up token", { key: "a", nextToken: "abc" }, "InputInvalid"],
  ])("are refused when they name %s", async (_name, question, name) => {
    await expect(checker.app.invoke("FindChanges", question)).rejects.toMatchObject({ name });
  });

  it("are forgotten after a year", async () => {
    await using other = await startChecker();
    await other.upload(key, "1\n");
    expect(await other.changesOf(key)).toHaveLength(1);
    await other.app.advance(368 * 86_400);
    expect(await other.changesOf(key)).toEqual([]);
  });
});
