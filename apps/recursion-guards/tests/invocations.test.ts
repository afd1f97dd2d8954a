import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";
import { invocationsOf, resultOf, sumOf, upload, versionsOf, WAYS } from "./ways.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("recursion-guards");
});
afterAll(() => app[Symbol.asyncDispose]());

describe.each(WAYS)("one upload, by $name", (way) => {
  it(`leads to $stated invocations and one result, and never to more`, async () => {
    const before = await invocationsOf(app, way);
    await upload(app, way, "trip.txt", "two ropes  \r\none stove");
    await app.settle();
    expect(await resultOf(app, way, "trip.txt")).toMatchObject({
      text: "two ropes\none stove\n",
      metadata: { "processing-rounds": "1" },
    });
    expect(await versionsOf(app, way.results, "trip.txt")).toBe(
      way.results === way.bucket && way.name !== "prefix" ? 2 : 1,
    );
    // A week later nothing more has happened: neither rows that aged nor midnights start anything.
    await app.advance(7 * 86_400);
    expect((await invocationsOf(app, way)) - before).toBe(way.stated);
    expect(await sumOf(app, way.functions, "Errors")).toBe(0);
  });
});
