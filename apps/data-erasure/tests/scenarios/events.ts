/** The sample events of each function, with the outcome that each should have. */
import { describe, expect, it } from "vitest";
import { erasure } from "./deployed.ts";

describe("the sample events", { timeout: 120_000 }, () => {
  it("of a version that is gone leave nothing to index", async () => {
    expect(await erasure.app.invoke("IndexObject", erasure.app.sample("index-object.json"))).toEqual({
      batchItemFailures: [],
    });
  });

  it("of a malformed change are put aside", async () => {
    const { app } = erasure;
    expect(await app.invoke("IndexObject", app.sample("index-object.bad.json"))).toEqual({ batchItemFailures: [] });
    expect(await app.messages("DeadLetters")).toHaveLength(1);
  });

  it("of a part of the bucket that is empty fill nothing back", async () => {
    const { app } = erasure;
    expect(await app.invoke("BackFillIndex", app.sample("back-fill-index.json"))).toEqual({
      versions: 0,
      isLast: true,
    });
  });

  it("of a list that is gone, and of an upload that is none, begin nothing", async () => {
    const { app } = erasure;
    await app.invoke("ReceiveUpload", app.sample("receive-upload.json"));
    await app.invoke("ReceiveUpload", app.sample("receive-upload.bad.json"));
    expect(await app.messages("DeadLetters")).toHaveLength(1);
  });

  it("of nothing to vacuum are done at once", async () => {
    const { app } = erasure;
    const { vacuumed } = (await app.invoke("VacuumObjects", {})) as { vacuumed: number };
    expect(vacuumed).toBeLessThan(100); // What other scenarios left has all gone.
    expect(await app.invoke("VacuumObjects", app.sample("vacuum-objects.json"))).toEqual({ vacuumed: 0 });
  });

  it.each([
    ["SubmitRequest", "submit-request.json", 202],
    ["SubmitRequest", "submit-request.bad.json", 400],
    ["GetRequest", "get-request.json", 404],
    ["GetRequest", "get-request.bad.json", 400],
    ["ShowApproval", "show-approval.json", 404],
    ["ShowApproval", "show-approval.bad.json", 400],
    ["DecideRequest", "decide-request.json", 404],
    ["DecideRequest", "decide-request.bad.json", 400],
  ])("for %s, %s, are answered with %i", async (name, file, statusCode) => {
    expect(await erasure.app.invoke(name, erasure.app.sample(file))).toMatchObject({ statusCode });
    await erasure.app.settle();
  });

  it.each([
    ["GenerateReport", "generate-report.json", "PaperMissing"],
    ["AskApproval", "ask-approval.json", "ConditionalCheckFailedException"],
    ["PurgeObjects", "purge-objects.json", "PaperMissing"],
    ["VerifyObjects", "verify-objects.json", "PaperMissing"],
    ["CloseRequest", "close-request.json", "ConditionalCheckFailedException"],
    ["BackFillIndex", "back-fill-index.bad.json", "InputInvalid"],
    ["GenerateReport", "generate-report.bad.json", "InputInvalid"],
    ["AskApproval", "ask-approval.bad.json", "InputInvalid"],
    ["PurgeObjects", "purge-objects.bad.json", "InputInvalid"],
    ["VerifyObjects", "verify-objects.bad.json", "InputInvalid"],
    ["CloseRequest", "close-request.bad.json", "InputInvalid"],
    ["VacuumObjects", "vacuum-objects.bad.json", "InputInvalid"],
  ])("for %s, %s, of no request or of bad input, are refused as %s", async (name, file, error) => {
    await expect(erasure.app.invoke(name, erasure.app.sample(file))).rejects.toMatchObject({ name: error });
  });
});
