import { describe, expect, it } from "vitest";
import { entriesOf, fitsIntoRecord, statusOf, type Translation } from "./record.ts";

const done = (language: string, bytes = 10): Translation => ({
  language,
  outcome: "TRANSLATED",
  text: { key: `texts/x/${language}.txt`, bytes },
});
const failed = (language: string): Translation => ({ language, outcome: "FAILED", reason: "Down" });
const same: Translation = { language: "en", outcome: "SAME_LANGUAGE" };

describe("the status of a picture", () => {
  it.each([
    ["TRANSLATED", [done("de"), same]],
    ["TRANSLATED", [same]],
    ["PARTIAL", [done("de"), failed("fr")]],
    ["PARTIAL", [same, failed("fr")]],
    ["FAILED", [failed("de"), failed("fr")]],
  ] as const)("is %s", (status, translations) => {
    expect(statusOf(translations)).toBe(status);
  });
});

describe("a record", () => {
  it("holds the texts as long as all of them fit", () => {
    const source = { key: "texts/x/source.txt", bytes: 50_000 };
    expect(fitsIntoRecord(source, [done("de", 150_000), done("fr", 150_000)])).toBe(true);
    expect(fitsIntoRecord(source, [done("de", 150_000), done("fr", 150_001)])).toBe(false);
  });

  it("has an entry for each language, whatever became of it", () => {
    expect(entriesOf([done("de"), same, failed("fr")], new Map([["texts/x/de.txt", "Hallo"]]))).toEqual({
      de: { outcome: "TRANSLATED", textKey: "texts/x/de.txt", text: "Hallo" },
      en: { outcome: "SAME_LANGUAGE" },
      fr: { outcome: "FAILED", reason: "Down" },
    });
  });
});
