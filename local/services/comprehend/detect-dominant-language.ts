/** DetectDominantLanguage for the languages that `language.ts` tells apart. */
import type * as Comprehend from "@aws-sdk/client-comprehend";
import type { Handler } from "../../core/service.ts";
import { languagesOf } from "./language.ts";
import { checkText } from "./text-limits.ts";

/** Guidelines and quotas, Amazon Comprehend Developer Guide: 100 KB a document. */
const MOST_BYTES = 100_000;

export const detectDominantLanguage: Handler<typeof Comprehend, "DetectDominantLanguage"> = async ({ Text }) => ({
  Languages: languagesOf(checkText(Text, MOST_BYTES)).map(({ code, score }) => ({
    LanguageCode: code,
    Score: score,
  })),
});
