import { IAMClient, CreateRoleCommand, PutRolePolicyCommand } from "@aws-sdk/client-iam";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { ListLanguagesCommand, TranslateClient, TranslateTextCommand } from "@aws-sdk/client-translate";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";
import { pseudoTranslation } from "./pseudo-translation.ts";

let cloud: TestCloud;
let client: TranslateClient;
beforeAll(async () => {
  cloud = await testCloud();
  client = cloud.client(TranslateClient);
});
afterAll(() => cloud.stop());

const translate = (Text: string, SourceLanguageCode: string, TargetLanguageCode: string) =>
  client.send(new TranslateTextCommand({ Text, SourceLanguageCode, TargetLanguageCode }));

describe("a translation", () => {
  it("says that it is none, but for the words of the glossary", async () => {
    expect(await translate("Welcome! OPEN on Monday, 9-17.\nThank you", "en", "de")).toMatchObject({
      TranslatedText: "[de] Willkommen! GEÖFFNET óñ Montag, 9-17.\nDanke",
      SourceLanguageCode: "en",
      TargetLanguageCode: "de",
    });
    expect((await translate("Closed", "en", "ja")).TranslatedText).toBe("[ja] Çļóšéð");
  });

  it("finds the language by Comprehend when it is asked to", async () => {
    expect(await translate("Der Bahnhof ist heute geschlossen", "auto", "en")).toMatchObject({
      TranslatedText: "[en] Ðéŕ Station íšţ today closed",
      SourceLanguageCode: "de",
    });
  });

  it("says with which language it would have gone on when it is not sure of it", async () => {
    await expect(translate("4711 42", "auto", "de")).rejects.toMatchObject({
      name: "DetectedLanguageLowConfidenceException",
      DetectedLanguageCode: "en",
    });
  });

  it("into the language that the text is in is the text", async () => {
    expect((await translate("Open", "en", "en")).TranslatedText).toBe("Open");
  });

  it("leaves line ends, digits and punctuation, whatever the text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }), (text) => {
        const rest = (words: string) => words.replaceAll(/[\p{L}\p{M}]/gu, "");
        const translation = pseudoTranslation(text, "en", "ja");
        expect(translation.startsWith("[ja] ")).toBe(true);
        expect(rest(translation.slice(5))).toBe(rest(text));
      }),
      { numRuns: 200 },
    );
  });
});

describe("refused is", () => {
  it("a text of more than 10,000 bytes", async () => {
    await translate("ø".repeat(5_000), "en", "de");
    await expect(translate(`${"ø".repeat(5_000)}a`, "en", "de")).rejects.toMatchObject({
      name: "TextSizeLimitExceededException",
      message: expect.stringContaining("allowed is 10000 bytes while in this request the text size is 10001 bytes"),
    });
  });

  it.each([
    ["en", "xx"],
    ["xx", "de"],
    ["auto", "tlh"],
    ["en", "auto"],
  ])("the pair %s to %s", async (source, target) => {
    await expect(translate("Open", source, target)).rejects.toMatchObject({
      name: "UnsupportedLanguagePairException",
      SourceLanguageCode: source,
      TargetLanguageCode: target,
    });
  });

  it("no text, and codes that are too short", async () => {
    await expect(translate("", "e", "d")).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringMatching(/^3 validation errors detected: Value '' at 'text'/),
    });
  });

  it("what is not there", async () => {
    await expect(client.send(new ListLanguagesCommand({}))).rejects.toMatchObject({ name: "NotImplemented" });
    const Settings = { Formality: "FORMAL" } as const;
    await expect(
      client.send(
        new TranslateTextCommand({ Text: "Open", SourceLanguageCode: "en", TargetLanguageCode: "de", Settings }),
      ),
    ).rejects.toMatchObject({ name: "NotImplemented" });
  });

  it("auto to a role that may not ask Comprehend", async () => {
    const iam = cloud.client(IAMClient);
    const allow = (statement: object) =>
      JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
    const trust = allow({ Principal: { AWS: `arn:aws:iam::${cloud.accountId}:root` }, Action: "sts:AssumeRole" });
    const { Role } = await iam.send(new CreateRoleCommand({ RoleName: "t", AssumeRolePolicyDocument: trust }));
    const may = (Action: string[]) =>
      iam.send(
        new PutRolePolicyCommand({ RoleName: "t", PolicyName: "p", PolicyDocument: allow({ Action, Resource: "*" }) }),
      );
    await may(["translate:TranslateText"]);
    const { Credentials: keys } = await cloud
      .client(STSClient)
      .send(new AssumeRoleCommand({ RoleArn: Role?.Arn, RoleSessionName: "session" }));
    const limited = cloud.client(TranslateClient, {
      credentials: {
        accessKeyId: keys?.AccessKeyId,
        secretAccessKey: keys?.SecretAccessKey,
        sessionToken: keys?.SessionToken,
      },
    });
    const ask = (SourceLanguageCode: string) =>
      limited.send(
        new TranslateTextCommand({ Text: "Thank you for the coffee", SourceLanguageCode, TargetLanguageCode: "de" }),
      );
    expect((await ask("en")).TranslatedText).toContain("[de]");
    await expect(ask("auto")).rejects.toThrow(/not authorized to perform: comprehend:DetectDominantLanguage/);
    await may(["translate:TranslateText", "comprehend:DetectDominantLanguage"]);
    expect((await ask("auto")).SourceLanguageCode).toBe("en");
  });
});
