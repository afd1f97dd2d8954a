import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { LANGUAGES, sheet, TRANSLATED_SHEET } from "./sheet.ts";
import { announce, GONE, rowOf, translatedPicture } from "./translator.ts";

proofs("image-translator", {
  parameters: { TargetLanguages: LANGUAGES },
  uses: {
    "a sheet of paper is read and translated": async (app, id) => {
      const { row } = await translatedPicture(app, `${id}.pdf`, await sheet);
      expect(row).toMatchObject(TRANSLATED_SHEET);
    },

    "what is no picture has a record that says so": async (app, id) => {
      expect((await translatedPicture(app, `${id}.txt`, id)).row?.status).toBe("UNREADABLE");
    },

    "a picture that is gone has a record that says so": async (app, id) => {
      await announce(app, `${id}.png`, GONE);
      await app.settle();
      expect((await rowOf(app, `${id}.png`, GONE))?.["reason"]).toMatch(/removed/);
    },
  },
});
