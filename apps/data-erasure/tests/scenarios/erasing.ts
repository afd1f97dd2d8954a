/** What an erasure finds and leaves, and what the vacuum makes of it. */
import { gunzipSync, gzipSync } from "node:zlib";
import { DeleteObjectCommand, GetObjectTaggingCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { compressors } from "hyparquet-compressors";
import { parquetWriteBuffer } from "hyparquet-writer";
import { describe, expect, it } from "vitest";
import { rows } from "../erasure.ts";
import { erasure } from "./deployed.ts";

describe("an erasure", { timeout: 120_000 }, () => {
  it("finds a user in both indexes, asks, erases rows and objects with all versions, and says so", async () => {
    const { app, put } = erasure;
    const before = erasure.notices().length;
    await put("rows/visits.ndjson", rows("u1", "u2", "u1"));
    await put("rows/visits.ndjson", rows("u1", "u2", "u1", "u3"));
    await put("files/u1-portrait.jpg", "old");
    await put("files/u1-portrait.jpg", "new");
    await put("files/u2-portrait.jpg", "other");
    await app.settle();

    const requestId = await erasure.ask(" u1 ", "\n", "nobody", "u1");
    await erasure.reaches(requestId, "AWAITING_APPROVAL");
    const report = await erasure.report(requestId, 1);
    expect(report.notFound).toEqual(["nobody"]);
    expect(report.objects.map(({ kind, key, versions }) => [kind, key, versions.length])).toEqual([
      ["object", "files/u1-portrait.jpg", 2],
      ["rows", "rows/visits.ndjson", 2],
    ]);
    const mail = app.outbox.findLast(({ source }) => source === "ses");
    expect(mail).toMatchObject({ subject: "Your Approval Needed to Proceed!", to: ["privacy@example.com"] });
    expect(mail?.text).not.toContain("u1");

    expect((await erasure.press(erasure.link(requestId), "approve")).status).toBe(200);
    await app.settle();
    expect(await erasure.text("rows/visits.ndjson")).toBe(
      '{}\n{"user_id":"u2","row":1}\n{}\n{"user_id":"u3","row":3}\n',
    );
    expect(await erasure.versions("rows/visits.ndjson")).toHaveLength(1);
    expect(await erasure.versions("files/u1-portrait.jpg")).toEqual([]);
    expect(await erasure.text("files/u2-portrait.jpg")).toBe("other");
    expect(await erasure.status(requestId)).toMatchObject({ status: "COMPLETED", summary: { objects: 0 } });
    const notices = erasure.notices().slice(before);
    expect(notices.filter((subject) => !subject.startsWith("ALARM"))).toEqual([
      "Received Approval to Purge Data!",
      "Purge Data Request, Successfully Completed!",
    ]);
  });

  it("leaves an audit trail with pseudonyms, no papers, and no id in any log, state or notice", async () => {
    const { app } = erasure;
    await erasure.put("rows/secret.ndjson", rows("planted-id-77", "other"));
    await erasure.put("files/plantedid88-cv.pdf", "x");
    await app.settle();
    const { requestId, status } = await erasure.erase("planted-id-77", "plantedid88");
    expect(status).toBe("COMPLETED");
    expect(await erasure.papers(requestId)).toEqual([]);
    const closed = await erasure.audit(requestId, "closed");
    expect(closed).toMatchObject({
      outcome: "COMPLETED",
      erased: 2,
      failed: 0,
      users: [expect.stringMatching(/^[0-9a-f]{64}$/), expect.anything()],
    });
    expect(await erasure.audit(requestId, "decided-1")).toMatchObject({ decision: "approve" });
    const seen = JSON.stringify([
      closed,
      await erasure.audit(requestId, "requested"),
      await erasure.row(requestId),
      await erasure.execution(requestId),
      await erasure.history(requestId),
      app.outbox,
      ...(await Promise.all(app.functions.map((name) => app.logs(name)))),
    ]);
    expect(seen).toContain(requestId);
    expect(seen).not.toContain("planted-id-77");
    expect(seen).not.toContain("plantedid88");
  });

  it("rewrites gzip and CSV, with quoted line ends, and keeps metadata, tags and headers", async () => {
    const { app } = erasure;
    const csv = 'user_id,note\r\nc1,"two\r\nlines, ""quoted"""\r\nc2,plain\r\nc1,x';
    await erasure.put("rows/notes.csv", csv, {
      ContentType: "text/csv",
      CacheControl: "no-cache",
      Metadata: { source: "till" },
      Tagging: "team=shop&kind=a%20b",
    });
    await erasure.put("rows/notes.ndjson.gz", gzipSync(rows("c2", "c1")));
    await app.settle();
    await erasure.erase("c1");
    expect(await erasure.text("rows/notes.csv")).toBe("user_id,note\r\n\r\nc2,plain\r\n");
    expect(gunzipSync(await erasure.read("rows/notes.ndjson.gz")).toString()).toBe('{"user_id":"c2","row":0}\n{}\n');
    const s3 = app.client(S3Client);
    const where = { Bucket: erasure.bucket, Key: "rows/notes.csv" };
    expect(await s3.send(new HeadObjectCommand(where))).toMatchObject({
      ContentType: "text/csv",
      CacheControl: "no-cache",
      Metadata: { source: "till" },
    });
    expect((await s3.send(new GetObjectTaggingCommand(where))).TagSet).toEqual(
      expect.arrayContaining([
        { Key: "team", Value: "shop" },
        { Key: "kind", Value: "a b" },
      ]),
    );
  });

  it("rewrites what is too large for one request in parts, with its tags", async () => {
    const other = JSON.stringify({ user_id: "b2", note: "x".repeat(9_900) });
    const large = (first: string) => `${first}\n${`${other}\n`.repeat(900)}`;
    await erasure.put("rows/large.ndjson", large('{"user_id":"b1"}'), { Tagging: "team=shop" });
    await erasure.app.settle();
    let parts = 0;
    const stop = erasure.app.cloud.dispatcher.observe(
      ({ operation }) => void (parts += operation === "UploadPart" ? 1 : 0),
    );
    expect((await erasure.erase("b1")).status).toBe("COMPLETED");
    stop();
    expect(parts).toBe(2);
    expect((await erasure.text("rows/large.ndjson")) === large("{}")).toBe(true);
    expect(await erasure.versions("rows/large.ndjson")).toHaveLength(1);
    const where = { Bucket: erasure.bucket, Key: "rows/large.ndjson" };
    const { TagSet } = await erasure.app.client(S3Client).send(new GetObjectTaggingCommand(where));
    expect(TagSet).toEqual([{ Key: "team", Value: "shop" }]);
  });

  it("rewrites Parquet, group by group, in its own types and compression", async () => {
    const users = Array.from({ length: 30 }, (_, index) => `p${index % 3}`);
    const bytes = parquetWriteBuffer({
      columnData: [
        { name: "user_id", data: users, type: "STRING" },
        { name: "amount", data: users.map((_, index) => BigInt(index)), type: "INT64" },
        { name: "at", data: users.map((_, index) => new Date(Date.UTC(2030, 0, 1) + index)), type: "TIMESTAMP" },
      ],
      rowGroupSize: 10,
    });
    await erasure.put("rows/sales.parquet", new Uint8Array(bytes));
    await erasure.app.settle();
    await erasure.erase("p1");
    const file = Uint8Array.from(await erasure.read("rows/sales.parquet")).buffer;
    const left = await parquetReadObjects({ file, compressors });
    expect(left.map((row) => row["user_id"] as string)).toEqual(users.filter((user) => user !== "p1"));
    expect(left[1]).toEqual({ user_id: "p2", amount: 2n, at: new Date(Date.UTC(2030, 0, 1) + 2) });
    const metadata = parquetMetadata(file);
    expect(metadata.row_groups).toHaveLength(3);
    expect(metadata.row_groups[0]?.columns[0]?.meta_data?.codec).toBe("SNAPPY");
    expect(Buffer.from(file).includes("p1")).toBe(false);
  });

  it("reaches what a delete marker hides, and takes the marker along", async () => {
    const { app } = erasure;
    const s3 = app.client(S3Client);
    for (const Key of ["rows/hidden.ndjson", "files/h1-hidden.txt"]) {
      await erasure.put(Key, rows("h1"));
      await s3.send(new DeleteObjectCommand({ Bucket: erasure.bucket, Key }));
    }
    await app.settle();
    await erasure.erase("h1");
    expect(await erasure.versions("rows/hidden.ndjson")).toEqual([]);
    expect(await erasure.versions("files/h1-hidden.txt")).toEqual([]);
  });

  it("leaves keys alone that only begin alike, and is not led astray by odd ones", async () => {
    const odd = ["rows/odd ../%2e+ü__proto__.ndjson", "rows/odd ../%2e+ü__proto__.ndjson.more.ndjson"];
    await erasure.put(odd[0] ?? "", rows("__proto__", "o2"));
    await erasure.put(odd[1] ?? "", rows("o2"));
    await erasure.app.settle();
    const { status } = await erasure.erase("__proto__");
    expect(status).toBe("COMPLETED");
    expect(await erasure.text(odd[0] ?? "")).toBe('{}\n{"user_id":"o2","row":1}\n');
    expect(await erasure.text(odd[1] ?? "")).toBe(rows("o2"));
  });

  it("finds the users of a long list", async () => {
    const many = Array.from({ length: 130 }, (_, index) => `m${index}`);
    await erasure.put("rows/many.ndjson", rows(...many));
    for (const user of ["m7", "m129"]) await erasure.put(`files/${user}-a.txt`, "x");
    await erasure.app.settle();
    const requestId = await erasure.ask(...many, "m-unknown");
    await erasure.reaches(requestId, "AWAITING_APPROVAL");
    expect((await erasure.status(requestId)).summary).toMatchObject({
      objects: 3,
      rows: 130,
      usersFound: 130,
      usersNotFound: 1,
    });
    await erasure.press(erasure.link(requestId), "reject");
    await erasure.app.settle();
  });
});

describe("the vacuum", { timeout: 120_000 }, () => {
  it("takes blank rows out, after which the other rows are found by their new numbers", async () => {
    const { app } = erasure;
    await erasure.put("rows/dusty.ndjson", rows("d1", "d2", "d1", "d3"));
    await app.settle();
    await erasure.erase("d1");
    await app.advance(86_400);
    await app.settle();
    expect(await erasure.text("rows/dusty.ndjson")).toBe('{"user_id":"d2","row":1}\n{"user_id":"d3","row":3}\n');
    expect(await erasure.versions("rows/dusty.ndjson")).toHaveLength(1);
    await erasure.erase("d3");
    expect(await erasure.text("rows/dusty.ndjson")).toBe('{"user_id":"d2","row":1}\n{}\n');
  });
});
