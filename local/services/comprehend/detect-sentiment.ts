/** DetectSentiment, for English only: the lexicon knows no other language. */
import type * as Comprehend from "@aws-sdk/client-comprehend";
import { ServiceError } from "../../core/errors.ts";
import type { Handler } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { sentimentOf } from "./sentiment.ts";
import { checkText } from "./text-limits.ts";

/** Guidelines and quotas, Amazon Comprehend Developer Guide: single-document sentiment takes 5 KB, counted as 5,000 bytes. */
const MOST_BYTES = 5_000;
/** LanguageCode of DetectSentiment, API reference. */
const LANGUAGES = ["en", "es", "fr", "de", "it", "pt", "ar", "hi", "ja", "ko", "zh", "zh-TW"];

export const detectSentiment: Handler<typeof Comprehend, "DetectSentiment"> = async ({ Text, LanguageCode }) => {
  new Constraints().text("languageCode", LanguageCode, { required: true, oneOf: LANGUAGES }).check();
  const text = checkText(Text, MOST_BYTES);
  if (LanguageCode !== "en") {
    throw new ServiceError(
      "UnsupportedLanguageException",
      `The local cloud has a sentiment lexicon for en only, not for ${LanguageCode}`,
    );
  }
  return sentimentOf(text);
};
