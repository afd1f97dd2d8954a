import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("difference-checker");
});
afterAll(() => app[Symbol.asyncDispose]());

describe("the sample events", () => {
  it("of a version that is gone leave nothing to do", async () => {
    expect(await app.invoke("CompareVersion", app.sample("compare-version.json"))).toEqual({ batchItemFailures: [] });
  });

  it("of a malformed upload are put aside", async () => {
    expect(await app.invoke("CompareVersion", app.sample("compare-version.bad.json"))).toEqual({
      batchItemFailures: [],
    });
    const put = (await app.logs("CompareVersion")).filter(({ json }) => json?.["message"] === "record put aside");
    expect(put).toHaveLength(1);
  });

  it("of a question are answered", async () => {
    expect(await app.invoke("FindChanges", app.sample("find-changes.json"))).toEqual({ changes: [] });
  });

  it("of a wrong question are refused by field", async () => {
    await expect(app.invoke("FindChanges", app.sample("find-changes.bad.json"))).rejects.toMatchObject({
      name: "InputInvalid",
    });
  });
});
