import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { startTranslator } from "./translator.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await startTranslator();
});
afterAll(() => app[Symbol.asyncDispose]());

const invoke = (name: string, file: string) => app.invoke(name, app.sample(file));

describe("the sample events", () => {
  it("of a picture that is gone say so", async () => {
    expect(await invoke("ReadText", "read-text.json")).toEqual({
      outcome: "UNREADABLE",
      reason: "It was removed before it was read",
    });
  });

  it("of a text are translated", async () => {
    const Key = `texts/${"ab".repeat(32)}/source.txt`;
    const Bucket = app.resource("Results");
    await app.client(S3Client).send(new PutObjectCommand({ Bucket, Key, Body: "Closed on Monday" }));
    expect(await invoke("TranslateInto", "translate-into.json")).toMatchObject({
      language: "de",
      outcome: "TRANSLATED",
      text: { key: Key.replace("source", "de") },
    });
  });

  it("of translations for a picture that nobody has claimed are refused", async () => {
    await expect(invoke("SaveTranslations", "save-translations.json")).rejects.toMatchObject({
      name: "PictureTakenOver",
    });
  });

  it.each([
    ["ReadText", "read-text.bad.json", "folder: has the wrong form"],
    ["TranslateInto", "translate-into.bad.json", "language: has the wrong form"],
    ["SaveTranslations", "save-translations.bad.json", "translations[0].outcome: expected"],
  ])("of bad input to %s are refused by field", async (name, file, message) => {
    await expect(invoke(name, file)).rejects.toThrow(message);
  });
});
