import { ListObjectsV2Command, PutBucketVersioningCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { type Shelf, shelfOf } from "./shelf.ts";

let app: LocalApp;
let shelf: Shelf;
beforeAll(async () => {
  app = await deploy("metadata-search", { parameters: { AlarmEmail: "ops@example.com" } });
  shelf = shelfOf(app);
});
afterAll(() => app[Symbol.asyncDispose]());

const indexFiles = async () => {
  const input = { Bucket: app.resource("IndexBucket"), Prefix: "objects/" };
  const { Contents = [] } = await app.client(S3Client).send(new ListObjectsV2Command(input));
  return Contents.map(({ Key = "" }) => Key);
};
const send = (MessageBody: string) =>
  app.client(SQSClient).send(new SendMessageCommand({ QueueUrl: app.resource("Happenings"), MessageBody }));
const categories = async (question: object = {}) =>
  (await shelf.search(question)).objects.map(({ key, category }) => [key, category]);
const event = (key: string, object: object, type = "Object Created", more: object = {}) =>
  JSON.stringify({
    version: "0",
    id: key,
    source: "aws.s3",
    "detail-type": type,
    account: "123456789012",
    time: "2030-01-07T12:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: { bucket: { name: app.resource("SourceBucket") }, object: { key, ...object }, ...more },
  });

// The first one, while nothing else was mailed.
describe("an event that is put aside", () => {
  it("rings an alarm", async () => {
    await send("{not json");
    await app.settle();
    await app.advance(180);
    expect(app.outbox.map(({ to, subject }) => [to, subject])).toEqual([
      [["ops@example.com"], expect.stringMatching(/^ALARM: .*DeadLettersAlarm/)],
    ]);
    await app.messages("DeadLetters");
  });
});

// Each in a folder of its own: all of them are on one deployed app.
describe("what happens to objects", () => {
  it("is reflected: an overwrite, a deletion, a marker that is removed, a version that is removed", async () => {
    const first = await shelf.put("live/a", { Metadata: { category: "one" } });
    await shelf.put("live/b", { Metadata: { category: "one" } });
    await app.settle();
    await shelf.put("live/a", { Metadata: { category: "two" } });
    await app.settle();
    expect(await categories({ key: "live/a" })).toEqual([["live/a", "two"]]);
    expect(await categories({ category: "one", keyPrefix: "live/" })).toEqual([["live/b", "one"]]);
    const marker = await shelf.remove("live/a");
    await app.settle();
    expect(await shelf.keys({ keyPrefix: "live/" })).toEqual(["live/b"]);
    await shelf.remove("live/a", marker);
    await app.settle();
    expect(await categories({ key: "live/a" })).toEqual([["live/a", "two"]]);
    const [second] = (await shelf.search({ key: "live/a" })).objects;
    await shelf.remove("live/a", second?.versionId);
    await app.settle();
    expect(await categories({ key: "live/a" })).toEqual([["live/a", "one"]]);
    await shelf.remove("live/a", first);
    await app.settle();
    expect(await shelf.keys({ keyPrefix: "live/" })).toEqual(["live/b"]);
  });

  it("counts for earlier days too: a later overwrite or deletion takes them out", async () => {
    await shelf.put("days/a");
    await shelf.put("days/b");
    await app.settle();
    await app.advance(86_400);
    await shelf.put("days/a");
    await shelf.remove("days/b");
    await app.settle();
    const [today, yesterday] = [0, 1].map((ago) =>
      new Date(app.cloud.clock.now() - ago * 86_400_000).toISOString().slice(0, 10),
    );
    expect(await shelf.keys({ keyPrefix: "days/", to: yesterday })).toEqual([]);
    expect(await shelf.keys({ keyPrefix: "days/", from: today })).toEqual(["days/a"]);
  });

  it("is one file a day for many uploads at once, with odd keys as they are", async () => {
    const odd = ["up/../down", "a%2eb", "line\nbreak", "__proto__", "50% + größer/文件.txt", "a?b='c'", "a//b"];
    const before = await indexFiles();
    const keys = [...odd, ...Array.from({ length: 40 }, (_, index) => `many/${index}`)];
    await Promise.all(keys.map((key) => shelf.put(key)));
    await app.settle();
    expect(await indexFiles()).toHaveLength(before.length + 1);
    const found = await shelf.keys({ limit: 999 });
    expect(found.filter((key) => keys.includes(key))).toEqual(keys.toSorted());
  });

  it("twice, and twice at once, counts once", async () => {
    const VersionId = await shelf.put("twice", { Metadata: { category: "one" } });
    await app.settle();
    const again = event("twice", { "version-id": VersionId, sequencer: "FF" });
    const Entries = ["1", "2", "3"].map((Id) => ({ Id, MessageBody: again }));
    await app.client(SQSClient).send(new SendMessageBatchCommand({ QueueUrl: app.resource("Happenings"), Entries }));
    await app.settle();
    await send(again);
    await app.settle();
    expect(await categories({ key: "twice" })).toEqual([["twice", "one"]]);
  });

  it("that is no event is put aside with its reason, and its neighbours are indexed", async () => {
    await send(event("x", {}).replace('"key":"x"', '"key":""'));
    await send("{not json");
    await shelf.put("neighbour");
    await app.settle();
    expect(await shelf.keys({ key: "neighbour" })).toEqual(["neighbour"]);
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["reason"]?.StringValue).sort()).toEqual([
      expect.stringContaining("not valid JSON"),
      expect.stringContaining("detail.object.key"),
    ]);
  });

  it("leaves no keys, metadata or questions in the logs", async () => {
    await shelf.put("secret-key", { Metadata: { "customer-id": "secret-customer" } });
    await app.settle();
    await shelf.search({ customer: "secret-customer" });
    for (const name of app.functions)
      expect((await app.logs(name)).map(({ message }) => message).join("\n")).not.toMatch(/secret-(key|customer)/);
  });
});

describe("a bucket without versions", () => {
  it("is indexed: an overwrite and a deletion count, and an event of what was overwritten since tells no wrong metadata", async () => {
    await using other = await deploy("metadata-search");
    const unversioned = shelfOf(other);
    const categoriesOf = async (question: object) =>
      (await unversioned.search(question)).objects.map(({ key, category }) => [key, category]);
    await other.client(S3Client).send(
      new PutBucketVersioningCommand({
        Bucket: other.resource("SourceBucket"),
        VersioningConfiguration: { Status: "Suspended" },
      }),
    );
    await unversioned.put("a", { Body: "1", Metadata: { category: "one" } });
    await unversioned.put("b");
    await unversioned.put("a", { Body: "2", Metadata: { category: "two" } });
    await other.settle();
    expect(await categoriesOf({ key: "a" })).toEqual([["a", "two"]]);
    expect(await categoriesOf({ category: "one" })).toEqual([]);
    await unversioned.remove("b");
    await other.settle();
    expect(await unversioned.keys({})).toEqual(["a"]);
  });
});

describe("trouble", () => {
  it("a file that cannot be written makes the whole batch come again", async () => {
    const error = { name: "InternalError", status: 500 };
    app.cloud.faults.add({ service: "s3", operation: "PutObject", error, times: 6, role: "IndexObjects" });
    await shelf.put("late/a");
    await shelf.put("late/b");
    await app.settle();
    expect(await shelf.keys({ keyPrefix: "late/" })).toEqual(["late/a", "late/b"]);
  });

  it("a search that cannot be answered says why, and one that takes too long is stopped", async () => {
    app.cloud.faults.add({
      service: "glue",
      operation: "GetTable",
      error: { name: "AccessDeniedException", status: 400 },
      times: 1,
    });
    await expect(shelf.search({})).rejects.toMatchObject({
      name: "SearchFailed",
      message: expect.stringContaining("Insufficient permissions") as unknown,
    });
    const executions = app.cloud.storage.map<{ state: string }>("athena.executions");
    // Nothing here makes a query slow: its record is kept in the state RUNNING from the moment it is written.
    const set = executions.set.bind(executions);
    executions.set = (id, execution) =>
      set(id, execution.state === "SUCCEEDED" ? { ...execution, state: "RUNNING" } : execution);
    await expect(shelf.search({})).rejects.toMatchObject({ name: "SearchTooSlow" });
    executions.set = set;
    expect([...executions.values()].at(-1)?.state).toBe("CANCELLED");
  });
});
