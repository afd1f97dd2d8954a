/** Puts all translations of a picture into its one record. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { count } from "#shared/observability/metrics";
import { KeptText, Language, Picture } from "./picture.ts";
import { entriesOf, fitsIntoRecord, statusOf } from "./record.ts";
import { saveResult } from "./record-store.ts";
import { textAt } from "./text-store.ts";

const Translation = z.object({
  language: Language,
  outcome: z.enum(["TRANSLATED", "SAME_LANGUAGE", "FAILED"]),
  text: z.optional(KeptText),
  reason: z.optional(z.string()),
});
const Input = z.object({
  picture: Picture,
  execution: z.string(),
  language: Language,
  text: KeptText,
  translations: z.array(Translation).check(z.minLength(1)),
});

export const handler = handle({ input: Input }, async ({ picture, execution, language, text, translations }) => {
  const keys = [text, ...translations.map((translation) => translation.text)].flatMap((kept) => kept?.key ?? []);
  const isWhole = fitsIntoRecord(text, translations);
  const texts = new Map(isWhole ? await Promise.all(keys.map(async (key) => [key, await textAt(key)] as const)) : []);
  const status = statusOf(translations);
  await saveResult(picture, execution, {
    status,
    language,
    textKey: text.key,
    text: texts.get(text.key),
    translations: entriesOf(translations, texts),
    translatedAt: new Date().toISOString(),
  });
  const failed = translations.flatMap(({ outcome, language: into }) => (outcome === "FAILED" ? [into] : []));
  count("PicturesTranslated", status === "FAILED" ? 0 : 1);
  count("LanguagesFailed", failed.length);
  logger.info("translations saved", { folder: picture.folder, status, failed, isWhole });
  return { status, failed };
});
