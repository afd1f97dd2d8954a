/** The way by ledger, over midnights. */
import { DynamoDBClient, ScanCommand } from "@aws-sdk/client-dynamodb";
import { beforeEach, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { invocationsOf, resultOf, upload, wayNamed } from "../ways.ts";

const DAY_MS = 86_400_000;
const way = wayNamed("ledger");

export function ledger(deployed: () => LocalApp): void {
  let app: LocalApp;
  beforeEach(() => void (app = deployed()));

  const rows = async () =>
    (await app.client(DynamoDBClient).send(new ScanCommand({ TableName: app.resource("Ledger") }))).Items ?? [];

  describe("the ledger", () => {
    it("takes a second upload on the same day for what it is, new content or old", async () => {
      const before = await invocationsOf(app, way);
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
      expect((await invocationsOf(app, way)) - before).toBe(4 * way.stated);
    });

    it("writes its expiry in seconds, at a midnight in UTC", async () => {
      const midnight = (Math.floor(app.cloud.clock.now() / DAY_MS) + 2) * DAY_MS;
      await upload(app, way, "expiring.txt", "a  ");
      await app.settle();
      const own = (await rows()).filter((row) => JSON.stringify(row).includes("expiring.txt"));
      expect(own).not.toEqual([]);
      for (const { expiresAt } of own) expect(Number(expiresAt?.N) * 1000).toBe(midnight);
    });

    it("does not loop when midnight comes between an upload and its result", async () => {
      const before = await invocationsOf(app, way);
      const untilMidnightMs = DAY_MS - (app.cloud.clock.now() % DAY_MS);
      await app.advance(untilMidnightMs / 1000 - 1);
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
      await upload(app, way, "forgotten.txt", "a  ");
      await app.settle();
      expect(await rows()).not.toEqual([]);
      const before = await invocationsOf(app, way);
      await app.advance(3 * 86_400);
      expect(await rows()).toEqual([]);
      expect(await invocationsOf(app, way)).toBe(before);
    });
  });
}
