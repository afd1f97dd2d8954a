/** Reads the text of a picture and finds out its language. That there is none, or that it cannot be read, is an outcome too. */
import { handle } from "#shared/middleware";
import { logger } from "#shared/observability/logger";
import { Picture } from "./picture.ts";
import { languageOf, readPicture } from "./picture-reader.ts";
import { keepText } from "./text-store.ts";

export const handler = handle({ input: Picture }, async (picture) => {
  const reading = await readPicture(picture);
  if ("unreadable" in reading) {
    logger.info("picture unreadable", { folder: picture.folder, reason: reading.unreadable });
    return { outcome: "UNREADABLE", reason: reading.unreadable };
  }
  if (reading.lines.length === 0) return { outcome: "NO_TEXT", reason: "There is no text in it" };
  const text = reading.lines.join("\n");
  const language = await languageOf(text);
  logger.info("picture read", { folder: picture.folder, lines: reading.lines.length, language });
  return {
    outcome: "TEXT",
    language,
    lines: reading.lines.length,
    text: await keepText(picture.folder, "source", text),
  };
});
