/** A sheet of paper, and what its record says when it is translated into German and English. */
import { expect } from "vitest";
import { sheetOf } from "./pictures.ts";

export const LANGUAGES = "de,en";
export const sheet = sheetOf(["Closed on Monday", "Thank you"]);

export const TRANSLATED_SHEET = {
  status: "TRANSLATED",
  text: "Closed on Monday\nThank you",
  translations: { de: { text: expect.stringContaining("Danke") }, en: { outcome: "SAME_LANGUAGE" } },
};
