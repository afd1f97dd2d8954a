import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("metadata-search");
});
afterAll(() => app[Symbol.asyncDispose]());

const logged = async (message: string) =>
  (await app.logs("IndexObjects")).filter(({ json }) => json?.["message"] === message);

describe("the sample events", () => {
  it("of an upload and a deletion become rows, though the object is gone", async () => {
    expect(await app.invoke("IndexObjects", app.sample("index-objects.json"))).toEqual({ batchItemFailures: [] });
    expect((await logged("indexed"))[0]?.json).toMatchObject({ rows: 2 });
  });

  it("of a malformed upload are put aside", async () => {
    expect(await app.invoke("IndexObjects", app.sample("index-objects.bad.json"))).toEqual({ batchItemFailures: [] });
    expect(await logged("record put aside")).toHaveLength(1);
  });

  it.each<[string, string, unknown]>([
    ["SearchObjects", "search-objects.json", { objects: [], scannedBytes: expect.any(Number) }],
    ["ReportMissing", "report-missing.json", { objects: [], required: ["customer-id", "category", "received-date"] }],
    ["FindFragmentedDays", "find-fragmented-days.json", { days: [] }],
    ["CompactDay", "compact-day.json", { day: "2030-01-07", merged: 0, into: 0, removed: 0 }],
    ["BackfillObjects", "backfill-objects.json", { indexed: 0, cursor: null }],
  ])("of %s are answered", async (name, file, answer) => {
    expect(await app.invoke(name, app.sample(file))).toEqual(answer);
  });

  it.each([
    ["SearchObjects", "search-objects.bad.json"],
    ["ReportMissing", "report-missing.bad.json"],
    ["FindFragmentedDays", "find-fragmented-days.bad.json"],
    ["CompactDay", "compact-day.bad.json"],
    ["BackfillObjects", "backfill-objects.bad.json"],
  ])("of %s that are wrong are refused by field", async (name, file) => {
    await expect(app.invoke(name, app.sample(file))).rejects.toMatchObject({ name: "InputInvalid" });
  });
});
