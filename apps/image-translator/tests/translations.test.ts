/** What becomes of pictures. */
import { DynamoDBClient, UpdateItemCommand } from "@aws-sdk/client-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import {
  DescribeStateMachineCommand,
  GetExecutionHistoryCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { LocalApp } from "#local/testing";
import { landscape, sheetOf, signOf } from "./pictures.ts";
import { announce, executionsOf, GONE, rowOf, startTranslator, translatedPicture, upload } from "./translator.ts";

let app: LocalApp;
beforeAll(async () => {
  app = await startTranslator();
});
afterAll(() => app[Symbol.asyncDispose]());

const SIGN = ["Welcome to the station", "Closed on Monday"];

/** What EventBridge hands over. */
const eventOf = (key: string, version: string) => ({
  version: "0",
  id: "6a7e4feb-b491-4cf7-a9f1-bf3703467718",
  "detail-type": "Object Created",
  source: "aws.s3",
  time: "2030-01-07T12:00:00Z",
  detail: { bucket: { name: app.resource("Pictures") }, object: { key, size: 10, "version-id": version } },
});

describe("a picture with text", () => {
  it("is read and translated into all languages, in one record", async () => {
    const { version, row } = await translatedPicture(app, "signs/door.png", await signOf(SIGN));
    expect(row).toMatchObject({
      picture: "signs/door.png",
      version,
      status: "TRANSLATED",
      language: "en",
      text: SIGN.join("\n"),
      translations: {
        de: { outcome: "TRANSLATED", text: "[de] Willkommen ţó ţħé Bahnhof\nGeschlossen óñ Montag" },
        fr: { outcome: "TRANSLATED", text: expect.stringMatching(/^\[fr\] Bienvenue/) },
        en: { outcome: "SAME_LANGUAGE" },
      },
      expiresAt: expect.any(Number),
    });
    expect(row?.translations?.["en"]).toEqual({ outcome: "SAME_LANGUAGE" });
  });

  it("may be a JPEG, a PDF of one page, and have an odd name", async () => {
    const pictures = [
      ["a+b %2e/../__proto__.jpg", await signOf(SIGN, "jpeg")],
      ["nur\nein Zettel.pdf", await sheetOf(["Closed on Monday and on Sunday"])],
    ] as const;
    for (const [key, bytes] of pictures) {
      expect((await translatedPicture(app, key, bytes)).row?.status).toBe("TRANSLATED");
    }
  });

  it("that is put again is a version of its own", async () => {
    const first = await translatedPicture(app, "again.png", await signOf(["Open today"]));
    const second = await translatedPicture(app, "again.png", await signOf(["Closed today"]));
    expect([first.row?.["text"], second.row?.["text"]]).toEqual(["Open today", "Closed today"]);
  });
});

describe("a picture without text", () => {
  it("is an outcome, and no error", async () => {
    const { row } = await translatedPicture(app, "landscape.png", await landscape());
    expect(row).toMatchObject({ status: "NO_TEXT", reason: "There is no text in it" });
    expect((await executionsOf(app)).filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
  });
});

describe("what cannot be read", () => {
  it("is an outcome with its reason", async () => {
    const sign = await signOf(SIGN);
    const cases = [
      ["text.txt", "Welcome", /no JPEG and no PNG/],
      ["empty.png", "", /no JPEG and no PNG/],
      ["two-pages.pdf", await sheetOf(["One"], ["Two"]), /one page/],
      ["cut.png", sign.subarray(0, 300), /damaged|no JPEG/],
      ["large.png", Buffer.concat([sign, Buffer.alloc(10 * 1024 * 1024)]), /larger than the 10 MB/],
      ["vector.svg", '<svg xmlns="http://www.w3.org/2000/svg"/>', /no JPEG/],
    ] as const;
    for (const [key, bytes, reason] of cases) {
      const { row } = await translatedPicture(app, key, bytes);
      expect([key, row?.status, row?.["reason"]]).toEqual([key, "UNREADABLE", expect.stringMatching(reason)]);
    }
    expect((await executionsOf(app)).filter(({ status }) => status !== "SUCCEEDED")).toEqual([]);
  });

  it("because it is gone already says so", async () => {
    await announce(app, "gone.png", GONE);
    await app.settle();
    expect(await rowOf(app, "gone.png", GONE)).toMatchObject({
      status: "UNREADABLE",
      reason: "It was removed before it was read",
    });
  });
});

describe("an event", () => {
  it("that comes twice, later or at once, is one translation", async () => {
    const { version, row } = await translatedPicture(app, "twice.png", await signOf(SIGN));
    const input = JSON.stringify(eventOf("twice.png", version));
    const start = () =>
      app
        .client(SFNClient)
        .send(new StartExecutionCommand({ stateMachineArn: app.resource("TranslatePicture"), input }));
    const [{ executionArn = "" }] = await Promise.all([start(), start()]);
    await app.settle();
    expect(await rowOf(app, "twice.png", version)).toEqual(row);
    const { events = [] } = await app.client(SFNClient).send(new GetExecutionHistoryCommand({ executionArn }));
    expect(events.at(-1)?.executionSucceededEventDetails?.output).toBe('{"status":"HANDLED_BEFORE"}');
  });

  it("that comes twice at the same moment, for a picture that is new, is one translation", async () => {
    const sheet = await sheetOf(["Closed on Monday"]);
    const version = await upload(app, "at-once.pdf", sheet);
    const input = JSON.stringify(eventOf("at-once.pdf", version));
    await app
      .client(SFNClient)
      .send(new StartExecutionCommand({ stateMachineArn: app.resource("TranslatePicture"), input }));
    await app.settle();
    expect((await rowOf(app, "at-once.pdf", version))?.status).toBe("TRANSLATED");
    const saved = (await app.logs("SaveTranslations")).filter(({ json }) => json?.["message"] === "translations saved");
    const folders = saved.map(({ json }) => json?.["folder"]);
    expect(new Set(folders).size).toBe(folders.length);
  });

  it("of another bucket is none of its business", async () => {
    const before = (await executionsOf(app)).length;
    const Detail = JSON.stringify({ bucket: { name: "another" }, object: { key: "a" } });
    await app
      .client(EventBridgeClient)
      .send(new PutEventsCommand({ Entries: [{ Source: "aws.s3", DetailType: "Object Created", Detail }] }))
      .catch(() => undefined);
    await app.settle();
    expect(await executionsOf(app)).toHaveLength(before);
  });
});

describe("the workflow", () => {
  it("is traced, and no state of it holds what was read", async () => {
    const sfn = app.client(SFNClient);
    const { tracingConfiguration } = await sfn.send(
      new DescribeStateMachineCommand({ stateMachineArn: app.resource("TranslatePicture") }),
    );
    expect(tracingConfiguration).toEqual({ enabled: true });
    const secret = "Xylophone Street";
    const { row } = await translatedPicture(app, "secret.png", await signOf([secret, ...SIGN]));
    expect(row?.["text"]).toContain(secret);
    const [{ executionArn = "" } = {}] = await executionsOf(app);
    const { events = [] } = await sfn.send(new GetExecutionHistoryCommand({ executionArn }));
    const logs = await Promise.all(["ReadText", "TranslateInto", "SaveTranslations"].map((name) => app.logs(name)));
    expect(JSON.stringify([events, logs])).not.toContain("Xylophone");
  });
});

describe("a text that is too long", () => {
  it("for a record is kept beside it, and for Translate is translated in parts", { timeout: 30_000 }, async () => {
    const picture = {
      bucket: app.resource("Pictures"),
      key: "long.png",
      versionId: "v1",
      folder: `texts/${"0".repeat(64)}`,
    };
    // A stand-in for a picture with more text than Textract would ever find in one: the steps behind it are what is tried.
    const s3 = app.client(S3Client);
    const whole = "The station is closed today. ".repeat(5_000);
    const text = { key: `${picture.folder}/source.txt`, bytes: Buffer.byteLength(whole) };
    await s3.send(new PutObjectCommand({ Bucket: app.resource("Results"), Key: text.key, Body: whole }));
    const translations = [];
    for (const language of ["de", "fr"]) {
      translations.push(await app.invoke("TranslateInto", { picture, text, from: "en", language }));
    }
    expect(translations).toMatchObject([{ outcome: "TRANSLATED" }, { outcome: "TRANSLATED" }]);
    await app.client(DynamoDBClient).send(
      new UpdateItemCommand({
        TableName: app.resource("Translations"),
        Key: { picture: { S: picture.key }, version: { S: "v1" } },
        UpdateExpression: "SET claimedBy = :me",
        ExpressionAttributeValues: { ":me": { S: "me" } },
      }),
    );
    await app.invoke("SaveTranslations", { picture, execution: "me", language: "en", text, translations });
    const row = await rowOf(app, "long.png", "v1");
    expect(row).toMatchObject({ status: "TRANSLATED", textKey: text.key });
    expect(row?.["text"]).toBeUndefined();
    expect(row?.translations?.["de"]).toEqual({ outcome: "TRANSLATED", textKey: `${picture.folder}/de.txt` });
    const { Body } = await s3.send(
      new GetObjectCommand({ Bucket: app.resource("Results"), Key: `${picture.folder}/de.txt` }),
    );
    const german = (await Body?.transformToString()) ?? "";
    expect(german.match(/\[de\]/g)?.length).toBe(15);
    expect(german.match(/Bahnhof/g)?.length).toBe(5_000);
  });
});
