import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("metadata-search");
});
afterAll(() => app[Symbol.asyncDispose]());

const messages = async () => (await app.logs("Greet")).map(({ json }) => json?.["message"]);

describe("the sample events", () => {
  it("of a guest are greeted", async () => {
    expect(await app.invoke("Greet", app.sample("greet.json"))).toEqual({ batchItemFailures: [] });
    expect(await messages()).toContain("greeted");
  });

  it("of a message without a name are put aside", async () => {
    expect(await app.invoke("Greet", app.sample("greet.bad.json"))).toEqual({ batchItemFailures: [] });
    expect(await messages()).toContain("record put aside");
  });
});
