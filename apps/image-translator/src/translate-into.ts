/** Translates the text of a picture into one language. */
import * as z from "zod/mini";
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { KeptText, Language, Picture } from "./picture.ts";
import { keepText, textAt } from "./text-store.ts";
import { translated } from "./translator.ts";

const Input = z.object({ picture: Picture, text: KeptText, from: Language, language: Language });

export const handler = handle({ input: Input }, async ({ picture, text, from, language }) => {
  const translation = await translated(await textAt(text.key), from, language);
  const kept = await keepText(picture.folder, language, translation);
  logger.info("translated", { folder: picture.folder, from, into: language, bytes: kept.bytes });
  return { language, outcome: "TRANSLATED", text: kept };
});
