import {
  BatchDetectSentimentCommand,
  ComprehendClient,
  DetectDominantLanguageCommand,
  DetectSentimentCommand,
  type LanguageCode,
} from "@aws-sdk/client-comprehend";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type TestCloud, testCloud } from "../../testing.ts";
import { languagesOf } from "./language.ts";
import { sentimentOf } from "./sentiment.ts";

let cloud: TestCloud;
let comprehend: ComprehendClient;
beforeAll(async () => {
  cloud = await testCloud();
  comprehend = cloud.client(ComprehendClient);
});
afterAll(() => cloud.stop());

const sentiment = (Text: string, LanguageCode: LanguageCode = "en") =>
  comprehend.send(new DetectSentimentCommand({ Text, LanguageCode }));
const languages = async (Text: string) =>
  (await comprehend.send(new DetectDominantLanguageCommand({ Text }))).Languages ?? [];

describe("a sentiment", () => {
  it.each([
    ["NEGATIVE", "This is bad service"],
    ["NEGATIVE", "I am very angry. The driver was rude and the parcel arrived broken!"],
    ["POSITIVE", "I love it! Thank you so much, the best shop I know."],
    ["NEUTRAL", "The parcel arrived on Monday at nine."],
    ["NEUTRAL", "🤷 12345"],
    ["MIXED", "The food was wonderful. The waiter was horrible and rude."],
    ["MIXED", "I love the colour but the quality is terrible"],
  ])("is %s: %s", async (expected, text) => {
    const { Sentiment, SentimentScore = {} } = await sentiment(text);
    expect(Sentiment).toBe(expected);
    expect(Object.keys(SentimentScore).sort()).toEqual(["Mixed", "Negative", "Neutral", "Positive"]);
  });

  it("has shares that add up to 1, the largest of which it is, for any text", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 80, unit: "grapheme" }), (text) => {
        const { Sentiment, SentimentScore: shares } = sentimentOf(text);
        const values: readonly number[] = Object.values(shares).map(Number);
        expect(values.reduce((sum, share) => sum + share)).toBeCloseTo(1, 6);
        expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
        const [largest = ["Neutral"]] = Object.entries(shares).sort(([, a], [, b]) => Number(b) - Number(a));
        expect(String(largest[0]).toUpperCase()).toBe(Sentiment);
      }),
      { numRuns: 200 },
    );
  });

  it("is asked for 5,000 bytes and not for one more, whatever the number of characters", async () => {
    await sentiment("ø".repeat(2_500));
    await expect(sentiment(`${"ø".repeat(2_500)}a`)).rejects.toMatchObject({
      name: "TextSizeLimitExceededException",
      message:
        "Input text size exceeds limit. Max length of request text allowed is 5000 bytes while in this request the text size is 5001 bytes",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("is not guessed for a language that the lexicon does not know", async () => {
    await expect(sentiment("Das ist schlecht", "de")).rejects.toMatchObject({ name: "UnsupportedLanguageException" });
  });

  it.each([
    ["no text", "", "en", "at 'text' failed to satisfy constraint: Member must have length greater than or equal to 1"],
    ["a language that is none", "a", "xx", "at 'languageCode' failed to satisfy constraint: Member must satisfy enum"],
  ])("of %s is refused", async (_, text, language, message) => {
    await expect(sentiment(text, language as LanguageCode)).rejects.toMatchObject({
      name: "ValidationException",
      message: expect.stringContaining(message),
    });
  });
});

describe("a language", () => {
  it.each([
    ["en", "The parcel has not arrived and nobody answers the phone."],
    ["de", "Das Paket ist nicht angekommen und niemand geht ans Telefon."],
    ["fr", "Le colis n'est pas arrivé et personne ne répond au téléphone."],
    ["es", "El paquete no ha llegado y nadie contesta el teléfono."],
    ["it", "Il pacco non è arrivato e nessuno risponde al telefono."],
    ["pt", "O pacote não chegou e ninguém atende o telefone."],
    ["nl", "Het pakket is niet aangekomen en niemand neemt de telefoon op."],
    ["ja", "荷物が届きませんでした。"],
    ["zh", "包裹还没有到"],
    ["ko", "소포가 도착하지 않았습니다"],
    ["ru", "Посылка не пришла"],
    ["ar", "لم تصل الطرود"],
    ["en", "No parking"],
    ["de", "Geschlossen"],
  ])("is %s: %s", async (code, text) => {
    const [first, ...others] = await languages(text);
    expect(first?.LanguageCode).toBe(code);
    expect(others.every(({ Score = 1 }) => Score <= (first?.Score ?? 0))).toBe(true);
  });

  it("is answered for any text, with scores that are shares", () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 60, unit: "grapheme" }), (text) => {
        const found = languagesOf(text);
        expect(found.length).toBeGreaterThan(0);
        expect(found.reduce((sum, { score }) => sum + score, 0)).toBeLessThanOrEqual(1.000001);
      }),
      { numRuns: 100 },
    );
  });

  it("is little certain where there is nothing to go by", async () => {
    const [first] = await languages("4711 42");
    expect(first).toMatchObject({ LanguageCode: "en" });
    expect(first?.Score).toBeLessThan(0.5);
  });

  it("is asked for 100,000 bytes and not for one more", async () => {
    await languages("a".repeat(100_000));
    await expect(languages("a".repeat(100_001))).rejects.toMatchObject({ name: "TextSizeLimitExceededException" });
  });
});

it("what is not there says so", async () => {
  await expect(
    comprehend.send(new BatchDetectSentimentCommand({ TextList: ["a"], LanguageCode: "en" })),
  ).rejects.toMatchObject({ name: "NotImplemented" });
});
