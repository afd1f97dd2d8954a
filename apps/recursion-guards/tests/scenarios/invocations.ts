/** How often functions are invoked for an upload. */
import { beforeEach, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { invocationsOf, resultOf, sumOf, upload, versionsOf, WAYS } from "../ways.ts";

export function invocations(deployed: () => LocalApp): void {
  let app: LocalApp;
  beforeEach(() => void (app = deployed()));

  describe("one upload", () => {
    it.each(WAYS)("by $name leads to $stated invocations and one result, and never to more", async (way) => {
      const before = await invocationsOf(app, way);
      await upload(app, way, "trip.txt", "two ropes  \r\none stove");
      await app.settle();
      expect(await resultOf(app, way, "trip.txt")).toMatchObject({
        text: "two ropes\none stove\n",
        metadata: { "processing-rounds": "1" },
      });
      const overwrites = way.bucket === way.results && way.key("trip.txt") === "trip.txt";
      expect(await versionsOf(app, way.results, "trip.txt")).toBe(overwrites ? 2 : 1);
      expect((await invocationsOf(app, way)) - before).toBe(way.stated);
    });

    it("leads to no more when there are many at once", async () => {
      const before = await Promise.all(WAYS.map((way) => invocationsOf(app, way)));
      const names = Array.from({ length: 3 }, (_, number) => `many/${number}.txt`);
      await Promise.all(WAYS.flatMap((way) => names.map((name) => upload(app, way, name, `${name}  `))));
      await app.settle();
      for (const [index, way] of WAYS.entries()) {
        const rounds = names.map(async (name) => (await resultOf(app, way, name)).metadata["processing-rounds"]);
        expect([way.name, ...(await Promise.all(rounds))]).toEqual([way.name, ...names.map(() => "1")]);
        const made = (await invocationsOf(app, way)) - (before[index] ?? 0);
        // The stream hands several new rows to one invocation.
        const least = way.name === "ledger" ? 2 * names.length + 1 : way.stated * names.length;
        expect(made).toBeGreaterThanOrEqual(least);
        expect(made).toBeLessThanOrEqual(way.stated * names.length);
      }
    });

    it("has led to no more two midnights later, when the ledger's rows have gone", async () => {
      await Promise.all(WAYS.map((way) => upload(app, way, "old.txt", "a  ")));
      await app.settle();
      const errorsBefore = await Promise.all(WAYS.map((way) => sumOf(app, way.functions, "Errors")));
      const before = await Promise.all(WAYS.map((way) => invocationsOf(app, way)));
      await app.advance(3 * 86_400);
      for (const [index, way] of WAYS.entries()) {
        expect([way.name, await invocationsOf(app, way)]).toEqual([way.name, before[index]]);
        expect(await sumOf(app, way.functions, "Errors")).toBe(errorsBefore[index]);
      }
      expect(await app.messages("DeadLetters")).toEqual([]);
    });
  });
}
