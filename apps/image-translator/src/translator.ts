/** Translates a text of any length. */
import { TranslateTextCommand } from "@aws-sdk/client-translate";
import { translate } from "#shared/clients/translate";
import { AppError } from "#shared/errors";
import { chunksOf } from "./chunks.ts";

/** TranslateText takes 10,000 bytes (Guidelines and quotas, Amazon Translate Developer Guide). */
const MOST_BYTES = 10_000;

/** Translate does not know one of the two languages. */
export class LanguagePairUnsupported extends AppError<{ from: string; to: string }> {
  override readonly status = 422;
}

/** Part by part, in order; blanks around a part stay as they are. Throws LanguagePairUnsupported. */
export async function translated(text: string, from: string, to: string): Promise<string> {
  const parts: string[] = [];
  for (const chunk of chunksOf(text, MOST_BYTES)) {
    const words = chunk.trim();
    const [before = "", after = ""] = words === "" ? [chunk] : chunk.split(words, 2);
    parts.push(before, words === "" ? "" : await translatedPart(words, from, to), after);
  }
  return parts.join("");
}

async function translatedPart(Text: string, from: string, to: string): Promise<string> {
  try {
    const { TranslatedText = "" } = await translate.send(
      new TranslateTextCommand({ Text, SourceLanguageCode: from, TargetLanguageCode: to }),
    );
    return TranslatedText;
  } catch (error) {
    if (error instanceof Error && error.name === "UnsupportedLanguagePairException")
      throw new LanguagePairUnsupported(
        `There is no translation from ${from} to ${to}`,
        { from, to },
        { cause: error },
      );
    throw error;
  }
}
