/** Amazon Comprehend: the sentiment of English text by a lexicon, and the language of a text by its script and its commonest words. */
import * as Comprehend from "@aws-sdk/client-comprehend";
import type { Cloud } from "../../core/cloud.ts";
import type { Service } from "../../core/service.ts";
import { detectDominantLanguage } from "./detect-dominant-language.ts";
import { detectSentiment } from "./detect-sentiment.ts";

export function create(_cloud: Cloud): Service<typeof Comprehend> {
  return {
    sdk: Comprehend,
    handlers: { DetectDominantLanguage: detectDominantLanguage, DetectSentiment: detectSentiment },
  };
}
