/** Events that come oddly, what cannot be read, and purges that are cut short or disturbed. */
import { DeleteObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { SendMessageBatchCommand, SQSClient } from "@aws-sdk/client-sqs";
import { DescribeExecutionCommand, SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { describe, expect, it } from "vitest";
import { rows } from "../erasure.ts";
import { erasure } from "./deployed.ts";

/** An event of S3, as the rule puts it into the queue. */
const event = (kind: "Created" | "Deleted", key: string, version: string, sequencer: string) =>
  JSON.stringify({
    version: "0",
    id: `e-${version}-${kind}`,
    "detail-type": `Object ${kind}`,
    source: "aws.s3",
    account: "123456789012",
    time: "2030-01-07T12:00:00Z",
    region: "us-east-1",
    resources: [],
    detail: {
      bucket: { name: erasure.bucket },
      object: { key, "version-id": version, sequencer },
      reason: kind === "Created" ? "PutObject" : "DeleteObject",
      ...(kind === "Deleted" ? { "deletion-type": "Permanently Deleted" } : {}),
    },
  });
const enqueue = (...bodies: string[]) =>
  erasure.app.client(SQSClient).send(
    new SendMessageBatchCommand({
      QueueUrl: erasure.app.resource("Changes"),
      Entries: bodies.map((MessageBody, index) => ({ Id: `${index}`, MessageBody })),
    }),
  );

describe("the index", { timeout: 120_000 }, () => {
  it("takes events of a version that come twice, at once, and in any order", async () => {
    const { app } = erasure;
    const key = "rows/orders.ndjson";
    const kept = await erasure.put(key, rows("i1", "i2"));
    const gone = await erasure.put(key, rows("i1"));
    await app.settle();
    await app.client(S3Client).send(new DeleteObjectCommand({ Bucket: erasure.bucket, Key: key, VersionId: gone }));
    await app.settle();
    await enqueue(
      event("Deleted", key, gone, "0002"),
      event("Created", key, gone, "0001"),
      event("Created", key, kept, "0000"),
      event("Created", key, kept, "0000"),
    );
    await app.settle();
    expect(await erasure.indexed(key)).toBe(2);
    const requestId = await erasure.ask("i1");
    await erasure.reaches(requestId, "AWAITING_APPROVAL");
    const { objects } = await erasure.report(requestId, 1);
    expect(objects[0]?.versions).toEqual([{ versionId: kept, users: [{ user: "i1", rows: 1 }] }]);
    await erasure.press(erasure.link(requestId), "reject");
    await app.settle();
  });

  it("puts what it cannot read aside with the reason, and reads the neighbours", async () => {
    const { app } = erasure;
    // An alarm that rang before has ended.
    await app.advance(180);
    const before = erasure.notices().length;
    await erasure.put("rows/good-1.ndjson", rows("j1"));
    await erasure.put("rows/bad.ndjson", `${rows("j1")}not json\n`);
    await erasure.put("rows/bad.ndjson.gz", "no gzip at all");
    await erasure.put("rows/bad.csv", "name\nx\n");
    await erasure.put("rows/bad.parquet", "no parquet either, but longer than its footer");
    await erasure.put("rows/bad.xlsx", "x");
    await erasure.put("rows/good-2.ndjson", `{}\n${rows("j1")}`);
    await app.settle();
    await app.advance(120);
    expect(erasure.notices().slice(before)).toContainEqual(expect.stringMatching(/ALARM.*DeadLettersAlarm/));
    const reasons = (await app.messages("DeadLetters")).map(
      ({ MessageAttributes, Body }) => MessageAttributes?.["reason"]?.StringValue ?? `without a reason: ${Body}`,
    );
    expect(reasons.toSorted()).toEqual([
      expect.stringMatching(/^Not readable as Parquet/),
      "Not readable as gzip: Z_DATA_ERROR",
      "Row 1 is not JSON",
      "The header has no column user_id",
      expect.stringMatching(/^The name does not end in/),
    ]);
    expect(await erasure.indexed("rows/good-1.ndjson")).toBe(1);
    expect(await erasure.indexed("rows/good-2.ndjson")).toBe(1);
  });

  it("is filled from what was in the bucket before, page by page", async () => {
    const { app } = erasure;
    await erasure.put("rows/early.ndjson", rows("f1"));
    for (const name of ["a", "b", "c", "d", "e", "f"]) await erasure.put(`files/f1-early-${name}.txt`, "x");
    await app.settle();
    await erasure.forgetIndex("rows/early.ndjson");
    expect(await erasure.indexed("rows/early.ndjson")).toBe(0);
    const sfn = app.client(SFNClient);
    const backFill = async (input: object) => {
      const { executionArn } = await sfn.send(
        new StartExecutionCommand({ stateMachineArn: app.resource("BackFill"), input: JSON.stringify(input) }),
      );
      await app.settle();
      const { status, output = "{}" } = await sfn.send(new DescribeExecutionCommand({ executionArn }));
      expect(status).toBe("SUCCEEDED");
      return JSON.parse(output) as { pages: number; versions: number };
    };
    expect(await backFill({ prefix: "files/f1-" })).toEqual({ pages: 2, versions: 6 });
    expect(await erasure.indexed("rows/early.ndjson")).toBe(0);
    expect((await backFill({})).pages).toBeGreaterThan(2);
    expect(await erasure.indexed("rows/early.ndjson")).toBe(1);
    await app.messages("DeadLetters");
  });

  it("waits for a database that sleeps", async () => {
    const fault = erasure.app.cloud.faults.add({
      service: "rdsdata",
      operation: "ExecuteStatement",
      error: { name: "DatabaseResumingException", message: "The Aurora DB instance is resuming", status: 400 },
      times: 4,
      role: "IndexObject",
    });
    await erasure.put("rows/asleep.ndjson", rows("z1"));
    await erasure.app.settle();
    expect(fault.hits).toBe(4);
    expect(await erasure.indexed("rows/asleep.ndjson")).toBe(1);
  });
});

describe("a purge", { timeout: 120_000 }, () => {
  it.each([
    ["after the new version was put", { service: "s3", operation: "PutObject" }],
    ["before the old versions are removed", { service: "s3", operation: "DeleteObjects" }],
    ["while the index forgets", { service: "rdsdata", operation: "ExecuteStatement" }],
  ] as const)("that is cut short %s is carried on by its retry", async (name, call) => {
    const { app } = erasure;
    const user = `q${name.length}`;
    const key = `rows/${user}.ndjson`;
    await erasure.put(key, rows(user, "other"));
    await erasure.put(key, rows(user, "other", user));
    await app.settle();
    // More failures than the SDK tries again: the function ends with an error.
    const fault = app.cloud.faults.add({
      ...call,
      error: { name: "InternalError", message: "gone", status: 500 },
      afterwards: true,
      times: 5,
      role: "PurgeObjects",
    });
    const { status } = await erasure.erase(user);
    expect(fault.hits).toBe(5);
    expect(status).toBe("COMPLETED");
    expect(await erasure.text(key)).toBe('{}\n{"user_id":"other","row":1}\n{}\n');
    expect(await erasure.versions(key)).toHaveLength(1);
  });

  it("does not lose an upload that comes at the same moment: it is found again and asked about", async () => {
    const { app } = erasure;
    const key = "rows/busy.ndjson";
    await erasure.put(key, rows("b1", "old"));
    await app.settle();
    const requestId = await erasure.ask("b1");
    await erasure.reaches(requestId, "AWAITING_APPROVAL");
    const stop = app.cloud.dispatcher.observe(({ service, operation, principal }) => {
      if (service !== "s3" || operation !== "GetObjectTagging" || principal.kind !== "role") return;
      stop();
      app.cloud.clock.background("an upload meanwhile", async () => void (await erasure.put(key, rows("new", "b1"))));
    });
    await erasure.press(erasure.link(requestId), "approve");
    await erasure.reaches(requestId, "AWAITING_APPROVAL", 3);
    await erasure.press(erasure.link(requestId), "approve");
    await app.settle();
    expect((await erasure.status(requestId)).status).toBe("COMPLETED");
    expect(await erasure.text(key)).toBe('{"user_id":"new","row":0}\n{}\n');
    expect(await erasure.versions(key)).toHaveLength(1);
  });

  it("of two requests for one object at once erases both, the second after a new report", async () => {
    const { app } = erasure;
    await erasure.put("rows/shared.ndjson", rows("g1", "g2", "g3"));
    await app.settle();
    const [first, second] = [await erasure.ask("g1"), await erasure.ask("g2")];
    for (const requestId of [first, second]) await erasure.approve(requestId);
    for (let times = 0; times < 4; times += 1) {
      for (const requestId of [first, second]) {
        await app.eventually(
          async () => ["COMPLETED", "AWAITING_APPROVAL"].includes((await erasure.status(requestId)).status),
          3_000,
        );
        const row = await erasure.row(requestId);
        if (row?.["status"] === "AWAITING_APPROVAL" && row["decision"] === undefined)
          await erasure.press(erasure.link(requestId), "approve");
      }
    }
    await app.settle();
    for (const requestId of [first, second]) expect((await erasure.status(requestId)).status).toBe("COMPLETED");
    expect(await erasure.text("rows/shared.ndjson")).toBe('{}\n{}\n{"user_id":"g3","row":2}\n');
    expect(await erasure.versions("rows/shared.ndjson")).toHaveLength(1);
  });

  it("that cannot read an object any more erases the others, fails, and says so", async () => {
    const { app } = erasure;
    const before = erasure.notices().length;
    await erasure.put("rows/n1.ndjson", rows("n1"));
    const damaged = await erasure.put("rows/n2.ndjson", rows("somebody"));
    await app.settle();
    await erasure.pretendRow("rows/n2.ndjson", damaged, "n1");
    const { requestId, status } = await erasure.erase("n1");
    expect(status).toBe("FAILED");
    expect(await erasure.text("rows/n1.ndjson")).toBe("{}\n");
    expect(await erasure.text("rows/n2.ndjson")).toBe(rows("somebody"));
    expect((await erasure.execution(requestId)).status).toBe("FAILED");
    expect(erasure.notices().slice(before)).toContain("Purge Request Failed!");
    expect((await erasure.papers(requestId)).some((key) => key.includes("result-"))).toBe(true);
    await app.advance(120);
    expect(erasure.notices().slice(before)).toContainEqual(expect.stringMatching(/ALARM.*FailedRequestsAlarm/));
  });
});
