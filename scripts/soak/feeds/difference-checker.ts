import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { type Feed, hoursUpTo } from "../feed.ts";

const keyOf = (hour: number): string => `report-${hour}.txt`;

export const differenceChecker: Feed = {
  app: "difference-checker",
  async hour(app, hour) {
    for (const Body of ["one\ntwo\n", "one\nzwei\n"])
      await app
        .client(S3Client)
        .send(new PutObjectCommand({ Bucket: app.resource("SourceBucket"), Key: keyOf(hour), Body }));
  },
  async undone(app, hours) {
    const undone: string[] = [];
    for (const key of hoursUpTo(hours).map(keyOf)) {
      const { changes } = (await app.invoke("FindChanges", { key })) as { changes: readonly unknown[] };
      if (changes.length !== 2) undone.push(key);
    }
    return undone;
  },
};
