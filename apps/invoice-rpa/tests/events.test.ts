import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { deploy, type LocalApp } from "#local/testing";

let app: LocalApp;
beforeAll(async () => {
  app = await deploy("invoice-rpa");
});
afterAll(() => app[Symbol.asyncDispose]());

describe("the sample events", () => {
  it("of a document that is gone are put aside with their reason", async () => {
    expect(await app.invoke("StartAnalysis", app.sample("start-analysis.json"))).toEqual({ batchItemFailures: [] });
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual(["DocumentRefused"]);
  });

  it("of an analysis that failed start a workflow", async () => {
    expect(await app.invoke("StartWorkflow", app.sample("start-workflow.json"))).toEqual({ batchItemFailures: [] });
    const started = (await app.logs("StartWorkflow")).filter(({ json }) => json?.["message"] === "workflow started");
    expect(started).toHaveLength(1);
  });

  it.each(["StartAnalysis", "StartWorkflow"])("of bad messages to %s are put aside", async (name) => {
    const file = name.replace(/(?<=[a-z])(?=[A-Z])/g, "-").toLowerCase();
    expect(await app.invoke(name, app.sample(`${file}.bad.json`))).toEqual({ batchItemFailures: [] });
    const dead = await app.messages("DeadLetters");
    expect(dead.map(({ MessageAttributes }) => MessageAttributes?.["error"]?.StringValue)).toEqual(["InputInvalid"]);
  });

  it.each([
    ["SaveAnalysis", "save-analysis.json", "InvalidJobIdException"],
    ["ExtractPayment", "extract-payment.json", "InvalidArgument"],
    ["SaveAnalysis", "save-analysis.bad.json", "InputInvalid"],
    ["ExtractPayment", "extract-payment.bad.json", "InputInvalid"],
    ["RequestReview", "request-review.bad.json", "InputInvalid"],
    ["ExpireReview", "expire-review.bad.json", "InputInvalid"],
    ["ArchiveDocument", "archive-document.bad.json", "InputInvalid"],
  ])("to %s from %s are refused", async (name, file, error) => {
    await expect(app.invoke(name, app.sample(file))).rejects.toMatchObject({ name: error });
  });

  it("of a document that is neither here nor in the archive fail", async () => {
    await expect(app.invoke("ArchiveDocument", app.sample("archive-document.json"))).rejects.toThrow(/./);
  });

  it("of a review open it, and of its end close it", async () => {
    await app.invoke("RequestReview", app.sample("request-review.json"));
    expect(await app.invoke("ExpireReview", app.sample("expire-review.json"))).toEqual({ status: "Review Expired" });
  });

  it.each([
    ["ShowReview", "show-review.json", 404],
    ["DecideReview", "decide-review.json", 404],
    ["ShowReview", "show-review.bad.json", 400],
    ["DecideReview", "decide-review.bad.json", 400],
  ])("to %s from %s are answered", async (name, file, statusCode) => {
    expect(await app.invoke(name, app.sample(file))).toMatchObject({ statusCode });
  });
});
