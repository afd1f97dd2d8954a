import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createStacks } from "./template/stacks.ts";
import { deploy, testCloud } from "./testing.ts";

let dataFolder: string;
beforeEach(() => {
  dataFolder = mkdtempSync(join(tmpdir(), "restart-"));
});
afterEach(() => rmSync(dataFolder, { recursive: true }));

describe("a cloud with a data folder", () => {
  it("goes on after a restart: the stack, its objects, its table and its functions are there", async () => {
    const before = await testCloud({ dataFolder });
    const app = await deploy("difference-checker", { cloud: before });
    const Bucket = app.resource("SourceBucket");
    const put = (client: S3Client, Body: string) => client.send(new PutObjectCommand({ Bucket, Key: "a.txt", Body }));
    await put(before.client(S3Client), "one\n");
    await before.clock.settle();
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: Date.UTC(2030, 0, 8), seed: 2 });
    const stack = createStacks(after, after.providerOf).describe("difference-checker");
    expect(stack?.resources["SourceBucket"]?.physicalId).toBe(Bucket);
    await put(after.client(S3Client), "two\n");
    await after.clock.settle();
    const again = await deploy("difference-checker", { cloud: after });
    expect(again.resource("SourceBucket")).toBe(Bucket);
    expect(await again.invoke("FindChanges", { key: "a.txt" })).toMatchObject({
      changes: [{ kind: "text" }, { kind: "first" }],
    });
    expect(after.logged).toEqual([]);
    await after.stop();
  });

  it("keeps a message that was put into a queue and not yet handled when the cloud ended", async () => {
    const before = await testCloud({ dataFolder });
    const app = await deploy("difference-checker", { cloud: before });
    before.faults.add({
      service: "s3",
      operation: "ListObjectVersions",
      error: { name: "InternalError", status: 500 },
    });
    await before
      .client(S3Client)
      .send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: "a.txt", Body: "one\n" }));
    await before.clock.advance(30_000);
    await before.stop();

    const after = await testCloud({ dataFolder, startAt: Date.UTC(2030, 0, 7, 13), seed: 2 });
    await after.clock.settle();
    const again = await deploy("difference-checker", { cloud: after });
    expect(await again.invoke("FindChanges", { key: "a.txt" })).toMatchObject({ changes: [{ kind: "first" }] });
    await after.stop();
  });
});
