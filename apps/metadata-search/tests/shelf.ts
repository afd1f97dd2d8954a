/** What the scenarios do with the app: put objects, wait until they are indexed, search. */
import { DeleteObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import type { LocalApp } from "#local/testing";
import type { MissingPage } from "../src/report-missing.ts";
import type { SearchPage } from "../src/search-objects.ts";

export interface Upload {
  readonly Body?: string;
  readonly Metadata?: Record<string, string>;
  readonly Tagging?: string;
  readonly ContentType?: string;
}

export interface Shelf {
  /** Answers the version. */
  put(key: string, upload?: Upload): Promise<string | undefined>;
  remove(key: string, VersionId?: string): Promise<string | undefined>;
  search(question: object): Promise<SearchPage>;
  keys(question: object): Promise<string[]>;
  missing(question?: object): Promise<MissingPage>;
}

export function shelfOf(app: LocalApp, bucket = app.outputs["SourceBucket"] ?? ""): Shelf {
  const s3 = app.client(S3Client);
  const search = async (question: object) => (await app.invoke("SearchObjects", question)) as SearchPage;
  return {
    async put(Key, { Body = Key, ...upload } = {}) {
      const { VersionId } = await s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body, ...upload }));
      return VersionId;
    },
    async remove(Key, VersionId) {
      const input = { Bucket: bucket, Key, ...(VersionId !== undefined && { VersionId }) };
      return (await s3.send(new DeleteObjectCommand(input))).VersionId;
    },
    search,
    keys: async (question) => (await search(question)).objects.map(({ key }) => key).sort(),
    missing: async (question = {}) => (await app.invoke("ReportMissing", question)) as MissingPage,
  };
}
