/** TranslateText: checks as the service does, and translates as far as the stand-in can. */
import type * as Translate from "@aws-sdk/client-translate";
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError, ServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import type { Handler } from "../../core/service.ts";
import { Constraints } from "../constraints.ts";
import { isLanguage } from "./languages.ts";
import { pseudoTranslation } from "./pseudo-translation.ts";

/** Guidelines and quotas, Amazon Translate Developer Guide: 10,000 bytes of UTF-8 for real-time translation. */
const MOST_BYTES = 10_000;
/** Below it the answer is that the language was found with low confidence. */
const SURE_FROM = 0.3;

export function translateText(cloud: Cloud): Handler<typeof Translate, "TranslateText"> {
  return async (
    { Text: text = "", SourceLanguageCode: source = "", TargetLanguageCode: target = "", TerminologyNames, Settings },
    call,
  ) => {
    new Constraints()
      .text("text", text, { required: true, min: 1 })
      .text("sourceLanguageCode", source, { required: true, min: 2, max: 5 })
      .text("targetLanguageCode", target, { required: true, min: 2, max: 5 })
      .check();
    if ((TerminologyNames?.length ?? 0) > 0 || Settings !== undefined) {
      throw new ServiceError(
        "NotImplemented",
        "The local cloud translates without TerminologyNames and Settings only",
        {
          status: 501,
        },
      );
    }
    const bytes = Buffer.byteLength(text);
    if (bytes > MOST_BYTES) {
      throw new ServiceError(
        "TextSizeLimitExceededException",
        `Input text size exceeds limit. Max length of request text allowed is ${MOST_BYTES} bytes while in this request the text size is ${bytes} bytes`,
      );
    }
    if (!isLanguage(target) || !(isLanguage(source) || source === "auto")) throw unsupportedPair(source, target);
    const from = source === "auto" ? await detected(cloud, text, target, call.principal) : source;
    return {
      TranslatedText: pseudoTranslation(text, from, target),
      SourceLanguageCode: from,
      TargetLanguageCode: target,
    };
  };
}

/** Asked of Comprehend in the caller's name: TranslateText with `auto` needs comprehend:DetectDominantLanguage too. */
async function detected(cloud: Cloud, text: string, target: string, caller: Principal): Promise<string> {
  const { Languages = [] } = await ask(cloud, text, caller);
  const { LanguageCode: code = "", Score: score = 0 } = Languages[0] ?? {};
  if (score < SURE_FROM) {
    throw new ServiceError(
      "DetectedLanguageLowConfidenceException",
      "The confidence that Amazon Comprehend accurately detected the source language is low. If a low confidence level is acceptable for your application, you can use the language in the exception to call Amazon Translate again.",
      { detail: { DetectedLanguageCode: code } },
    );
  }
  if (!isLanguage(code)) throw unsupportedPair(code, target);
  return code;
}

async function ask(cloud: Cloud, text: string, caller: Principal) {
  try {
    return await cloud.call("comprehend", "DetectDominantLanguage", { Text: text }, caller);
  } catch (error) {
    if (!isServiceError(error) || error.name.startsWith("AccessDenied")) throw error;
    throw new ServiceError("ServiceUnavailableException", "The service is temporarily unavailable.", { status: 500 });
  }
}

const unsupportedPair = (source: string, target: string): ServiceError =>
  new ServiceError(
    "UnsupportedLanguagePairException",
    `Unsupported language pair: ${source} to ${target}. Target language '${target}' is not supported for source language '${source}'`,
    { detail: { SourceLanguageCode: source, TargetLanguageCode: target } },
  );
