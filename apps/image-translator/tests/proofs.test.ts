import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { expect } from "vitest";
import { proofs } from "#local/testing/proofs";
import { sheetOf } from "./pictures.ts";
import { rowOf, translatedPicture } from "./translator.ts";

/** A version as S3 names them, which is not there. */
const GONE = "IYV3p45BT0ac8hjHg1houSdS1a.Mro8e";
const sheet = sheetOf(["Closed on Monday", "Thank you"]);

proofs("image-translator", {
  parameters: { TargetLanguages: "de,en" },
  uses: {
    "a sheet of paper is read and translated": async (app, id) => {
      const { row } = await translatedPicture(app, `${id}.pdf`, await sheet);
      expect(row).toMatchObject({
        status: "TRANSLATED",
        text: "Closed on Monday\nThank you",
        translations: { de: { text: expect.stringContaining("Danke") }, en: { outcome: "SAME_LANGUAGE" } },
      });
    },

    "what is no picture has a record that says so": async (app, id) => {
      expect((await translatedPicture(app, `${id}.txt`, id)).row?.status).toBe("UNREADABLE");
    },

    "a picture that is gone has a record that says so": async (app, id) => {
      const object = { key: `${id}.png`, size: 10, "version-id": GONE };
      const input = JSON.stringify({
        time: "2030-01-07T12:00:00Z",
        detail: { bucket: { name: app.resource("Pictures") }, object },
      });
      await app
        .client(SFNClient)
        .send(new StartExecutionCommand({ stateMachineArn: app.resource("TranslatePicture"), input }));
      await app.settle();
      expect((await rowOf(app, object.key, GONE))?.["reason"]).toMatch(/removed/);
    },
  },
});
