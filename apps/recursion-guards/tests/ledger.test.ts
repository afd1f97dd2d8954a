import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { invocationsOf, resultOf, upload, wayNamed } from "./ways.ts";

const way = wayNamed("ledger");
let app: LocalApp;
beforeAll(async () => {
  app = await deploy("recursion-guards");
});
afterAll(() => app[Symbol.asyncDispose]());

const rows = async () =>
  (await app.client(DynamoDBClient).send(new ScanCommand({ TableName: app.resource("Ledger") }))).Items ?? [];

describe("the ledger", () => {
  it("takes a second upload on the same day for what it is, new content or old", async () => {
    for (const [body, text] of [
      ["one  ", "one\n"],
      ["two  ", "two\n"],
      ["one  ", "one\n"],
      ["one\n", "one\n"],
    ] as const) {
      await upload(app, way, "a.txt", body);
      await app.settle();
      const result = await resultOf(app, way, "a.txt");
      expect([result.text, result.metadata["processing-rounds"]]).toEqual([text, "1"]);
    }
    expect(await invocationsOf(app, way)).toBe(4 * way.stated);
  });

  it("writes its expiry in seconds, at a midnight in UTC", async () => {
    for (const { expiresAt } of await rows())
      expect(new Date(Number(expiresAt?.N) * 1000).toISOString()).toBe("2030-01-09T00:00:00.000Z");
  });

  it("does not loop when midnight comes between an upload and its result", async () => {
    const before = await invocationsOf(app, way);
    await app.advance(12 * 3_600 - 1);
    const slow = app.cloud.faults.add({
      service: "s3",
      operation: "GetObject",
      latencyMs: 2_000,
      role: "TidyRecorded",
    });
    await upload(app, way, "midnight.txt", "a  ");
    await app.advance(60);
    slow.remove();
    expect((await resultOf(app, way, "midnight.txt")).metadata["processing-rounds"]).toBe("1");
    expect((await invocationsOf(app, way)) - before).toBe(way.stated);
  });

  it("forgets after the midnight of the next day, and nobody hears of it", async () => {
    const before = await invocationsOf(app, way);
    await app.advance(3 * 86_400);
    expect(await rows()).toEqual([]);
    expect(await invocationsOf(app, way)).toBe(before);
  });
});
