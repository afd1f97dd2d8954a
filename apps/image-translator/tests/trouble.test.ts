/** What becomes of a picture when something that is needed does not do its work. */
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { PutCommand } from "@aws-sdk/lib-dynamodb";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { Fault, LocalApp } from "#local/testing";
import { sheetOf } from "./pictures.ts";
import { announce, executionsOf, rowOf, startTranslator, translatedPicture } from "./translator.ts";

let app: LocalApp;
let sheet: Uint8Array;
let number = 0;
beforeAll(async () => {
  app = await startTranslator();
  sheet = await sheetOf(["Closed on Monday", "Thank you"]);
});
beforeEach(() => app.cloud.faults.clear());
afterAll(() => app[Symbol.asyncDispose]());

const OUTAGE = { name: "InternalFailure", message: "Down", status: 500 };
const add = (role: string, service: string, operation: string, more: Partial<Fault> = {}) =>
  app.cloud.faults.add({ role, service, operation, error: OUTAGE, ...more });
const put = () => translatedPicture(app, `sheet-${++number}.pdf`, sheet);
const subjects = () => app.outbox.map(({ subject }) => subject ?? "");

describe("throttling", () => {
  it.each([
    ["ReadText", "textract", "DetectDocumentText"],
    ["ReadText", "comprehend", "DetectDominantLanguage"],
    ["ReadText", "s3", "PutObject"],
    ["TranslateInto", "translate", "TranslateText"],
    ["SaveTranslations", "dynamodb", "UpdateItem"],
    ["TranslatePicture", "dynamodb", "UpdateItem"],
  ])("of %s by %s %s is not seen in the result", async (role, service, operation) => {
    const fault = add(role, service, operation, { error: "throttle", times: 6 });
    expect((await put()).row).toMatchObject({ status: "TRANSLATED" });
    expect(fault.hits).toBe(6);
  });
});

describe("a language that fails", () => {
  it("leaves the others as they are, says why, and an alarm rings", async () => {
    add("TranslateInto", "translate", "TranslateText", { matching: '"TargetLanguageCode":"fr"' });
    const { row } = await put();
    expect(row).toMatchObject({
      status: "PARTIAL",
      translations: {
        de: { outcome: "TRANSLATED", text: expect.stringContaining("Geschlossen") },
        fr: { outcome: "FAILED", reason: "InternalFailure: Down" },
      },
    });
    await app.advance(400);
    expect(subjects()).toContainEqual(expect.stringMatching(/^ALARM.*LanguagesFailedAlarm/));
  });

  it("because Translate does not know it is not tried again", async () => {
    await using other = await startTranslator({ TargetLanguages: "de,xx" });
    const { row } = await translatedPicture(other, "sheet.pdf", sheet);
    expect(row).toMatchObject({
      status: "PARTIAL",
      translations: {
        xx: { outcome: "FAILED", reason: "LanguagePairUnsupported: There is no translation from en to xx" },
      },
    });
  });
});

describe("an outage", () => {
  it.each([
    ["ReadText", "textract", "DetectDocumentText"],
    ["SaveTranslations", "dynamodb", "UpdateItem"],
  ])("of what %s needs fails the execution, and the record says why", async (role, service, operation) => {
    add(role, service, operation);
    const { row } = await put();
    expect(row).toMatchObject({ status: "FAILED", reason: expect.stringContaining("Down") });
    expect((await executionsOf(app))[0]?.status).toBe("FAILED");
  });

  it("that is a denial, which no trying mends, fails it at once", async () => {
    const denied = { name: "AccessDeniedException", message: "Denied", status: 400 };
    const denial = add("ReadText", "textract", "DetectDocumentText", { error: denied });
    expect((await put()).row).toMatchObject({ status: "FAILED", reason: "AccessDeniedException: Denied" });
    expect(denial.hits).toBe(1);
  });

  it("that ends leaves a picture that can be done again by the same event", async () => {
    const outage = add("ReadText", "textract", "DetectDocumentText");
    const { version, row } = await put();
    expect(row?.status).toBe("FAILED");
    outage.remove();
    const key = `sheet-${number}.pdf`;
    await announce(app, key, version);
    await app.settle();
    const again = await rowOf(app, key, version);
    expect(again).toMatchObject({ status: "TRANSLATED" });
    expect(again?.["reason"]).toBeUndefined();
  });

  it("of Translate altogether fails the execution, and an alarm rings", async () => {
    add("TranslateInto", "translate", "TranslateText");
    // In none of the languages that it is to be translated into.
    const spanish = await sheetOf(["Cerrado los lunes y los domingos", "Muchas gracias por su visita"]);
    const { row } = await translatedPicture(app, "spanish.pdf", spanish);
    expect(row).toMatchObject({ status: "FAILED", language: "es" });
    expect((await executionsOf(app))[0]?.status).toBe("FAILED");
    await app.advance(400);
    expect(subjects()).toContainEqual(expect.stringMatching(/^ALARM.*FailedExecutionsAlarm/));
  });
});

describe("an answer that is lost", () => {
  it.each([
    ["TranslatePicture", "dynamodb", "UpdateItem"],
    ["SaveTranslations", "dynamodb", "UpdateItem"],
    ["TranslateInto", "s3", "PutObject"],
  ])("by %s from %s %s changes nothing", async (role, service, operation) => {
    const fault = add(role, service, operation, { afterwards: true, times: 1 });
    expect((await put()).row?.status).toBe("TRANSLATED");
    expect(fault.hits).toBe(1);
  });
});

describe("an execution that ended without a word", () => {
  const claimed = async (key: string, version: string, claimedUntil: number) => {
    const Item = { picture: key, version, status: "TRANSLATING", claimedBy: "dead", claimedUntil };
    await app.client(DynamoDBClient).send(new PutCommand({ TableName: app.resource("Translations"), Item }));
    await announce(app, key, version);
    await app.settle();
    return rowOf(app, key, version);
  };

  it("keeps its picture for six hours, and then another one takes it", async () => {
    const now = Math.floor(app.cloud.clock.now() / 1_000);
    expect(await claimed("alive.png", "v", now + 60)).toMatchObject({ status: "TRANSLATING", claimedBy: "dead" });
    expect((await claimed("dead.png", "v", now - 1))?.["claimedBy"]).not.toBe("dead");
  });
});

describe("an event that is none", () => {
  it("fails its execution", async () => {
    const input = JSON.stringify({ time: "2030-01-07T12:00:00Z", detail: { bucket: { name: "b" }, object: {} } });
    await app
      .client(SFNClient)
      .send(new StartExecutionCommand({ stateMachineArn: app.resource("TranslatePicture"), name: "none", input }));
    await app.settle();
    const execution = (await executionsOf(app)).find(({ name }) => name === "none");
    expect(execution?.status).toBe("FAILED");
  });
});
