import { HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "vitest";
import type { LocalApp } from "#local/testing";
import type { Work } from "#local/testing/work";
import { LANGUAGES, sheet, TRANSLATED_SHEET } from "./sheet.ts";
import { announce, GONE, type Row, rowsOf, upload } from "./translator.ts";

const sheetOf = (id: string): string => `${id}.pdf`;
const goneOf = (id: string): string => `${id}-gone.pdf`;

/** The one record of a picture that was put once. */
async function recordOf(app: LocalApp, picture: string): Promise<Row | undefined> {
  const rows = await rowsOf(app, picture);
  expect(rows).toHaveLength(1);
  return rows[0];
}

/** A record says that somebody is at it, or how it ended, and then all is there. That a service is away for an hour is no end. */
const soundly =
  (picture: (id: string) => string, end: object) =>
  async (app: LocalApp, id: string): Promise<void> => {
    for (const row of await rowsOf(app, picture(id))) if (row.status !== "TRANSLATING") expect(row).toMatchObject(end);
  };

const REMOVED = { status: "UNREADABLE", reason: expect.stringMatching(/removed/) };

export const work: Work = {
  parameters: { TargetLanguages: LANGUAGES },
  tasks: {
    "a sheet of paper is read and translated": {
      steps: [async (app, id) => void (await upload(app, sheetOf(id), await sheet))],
      sound: soundly(sheetOf, TRANSLATED_SHEET),
      async done(app, id) {
        const row = await recordOf(app, sheetOf(id));
        expect(row).toMatchObject(TRANSLATED_SHEET);
        for (const Key of [row?.["textKey"], row?.translations?.["de"]?.textKey]) {
          const Bucket = app.resource("Results");
          await app.client(S3Client).send(new HeadObjectCommand({ Bucket, Key: String(Key) }));
        }
      },
    },
    // What is no picture takes the same way.
    "a picture that is removed before it is read has a record that says so": {
      steps: [(app, id) => announce(app, goneOf(id), GONE)],
      sound: soundly(goneOf, REMOVED),
      done: async (app, id) => expect(await recordOf(app, goneOf(id))).toMatchObject(REMOVED),
    },
  },
};
