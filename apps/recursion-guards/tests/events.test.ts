import { GetFunctionConcurrencyCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("recursion-guards");
});
afterAll(() => app[Symbol.asyncDispose]());

const errors = async () =>
  (await app.messages("DeadLetters")).map(({ MessageAttributes: all }) => all?.["error"]?.StringValue);
const concurrency = async () => {
  const request = new GetFunctionConcurrencyCommand({ FunctionName: app.resource("TidyAnnounced") });
  return (await app.client(LambdaClient).send(request)).ReservedConcurrentExecutions;
};

describe("the sample events", () => {
  it.each(["tidy-into-results", "tidy-originals", "tidy-marked", "tidy-unmarked", "tidy-announced"])(
    "of %s, whose version is gone, leave nothing to do",
    async (name) => {
      await app.invoke(functionOf(name), app.sample(`${name}.json`));
      expect(await errors()).toEqual([]);
    },
  );

  it("of a new upload are recorded, once", async () => {
    for (let time = 0; time < 2; time++) await app.invoke("RecordUpload", app.sample("record-upload.json"));
    await app.settle();
    const said = (await app.logs("RecordUpload")).map(({ json }) => String(json?.["message"]));
    expect(said.filter((message) => message.startsWith("upload "))).toEqual(["upload recorded", "upload known"]);
  });

  it("of a recorded upload whose version is gone leave nothing to do", async () => {
    const answer = await app.invoke("TidyRecorded", app.sample("tidy-recorded.json"));
    expect(answer).toEqual({ batchItemFailures: [] });
  });

  it.each([
    ["tidy-into-results", "InputInvalid"],
    ["tidy-originals", "ResultWouldLoop"],
    ["tidy-marked", "InputInvalid"],
    ["record-upload", "ObjectUnsuitable"],
    ["tidy-recorded", "InputInvalid"],
    ["tidy-unmarked", "InputInvalid"],
    ["tidy-announced", "InputInvalid"],
    ["pull-brake", "AlarmForeign"],
  ])("of %s that are wrong are put aside as %s", async (name, error) => {
    await app.invoke(functionOf(name), app.sample(`${name}.bad.json`));
    expect(await errors()).toEqual([error]);
  });

  it("of an alarm pull the brake, and of a person release it", async () => {
    await app.invoke("PullBrake", app.sample("pull-brake.json"));
    expect(await concurrency()).toBe(0);
    expect(await app.invoke("ReleaseBrake", app.sample("release-brake.json"))).toEqual({ released: ["rule"] });
    expect(await concurrency()).toBeUndefined();
  });

  it("of a person who names no way are refused by field", async () => {
    await expect(app.invoke("ReleaseBrake", app.sample("release-brake.bad.json"))).rejects.toMatchObject({
      name: "InputInvalid",
      message: expect.stringContaining("way"),
    });
  });
});

/** `tidy-marked` is TidyMarked. */
const functionOf = (name: string): string =>
  name.replace(/(^|-)([a-z])/g, (_, _hyphen, letter: string) => letter.toUpperCase());
