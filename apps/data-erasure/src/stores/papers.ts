/** The papers of a request: whom it names, what was found, what was done. They hold ids of users, so they are all forgotten in the end. */
import { DeleteObjectCommand, GetObjectCommand, ListObjectVersionsCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { Readable } from "node:stream";
import * as z from "zod/mini";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { NotFound } from "#shared/errors";
import { deleteObjects } from "#shared/writes/delete-objects";
import { Report } from "../report.ts";

const bucket = env.text("PAPERS_BUCKET");

export class PaperMissing extends NotFound {}

const folderOf = (requestId: string): string => `requests/${requestId}/`;
const usersKey = (requestId: string): string => `${folderOf(requestId)}users.json`;
const reportKey = (requestId: string, round: number): string => `${folderOf(requestId)}report-${round}.json`;

/** Where a person finds a report. */
export const placeOfReport = (requestId: string, round: number): string =>
  `s3://${bucket}/${reportKey(requestId, round)}`;

export const putUsers = (requestId: string, users: readonly string[]): Promise<void> => put(usersKey(requestId), users);
export const usersOf = async (requestId: string): Promise<readonly string[]> =>
  z.array(z.string()).parse(await get(usersKey(requestId)));

export const putReport = (requestId: string, round: number, report: Report): Promise<void> =>
  put(reportKey(requestId, round), report);
export const reportOfRound = async (requestId: string, round: number): Promise<Report> =>
  Report.parse(await get(reportKey(requestId, round)));

export interface PartResult {
  readonly objects: readonly { readonly key: string; readonly outcome: string }[];
}

export const putResult = (requestId: string, round: number, part: number, result: PartResult): Promise<void> =>
  put(`${folderOf(requestId)}result-${round}-${part}.json`, result);

/** Removes all papers of a request, with all versions. */
export async function forgetPapers(requestId: string): Promise<void> {
  for (;;) {
    const page = await s3.send(new ListObjectVersionsCommand({ Bucket: bucket, Prefix: folderOf(requestId) }));
    const versions = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])].map(({ Key = "", VersionId }) => ({
      key: Key,
      ...(VersionId === undefined ? {} : { versionId: VersionId }),
    }));
    await deleteObjects(bucket, versions);
    if (!page.IsTruncated) return;
  }
}

export interface UploadedList {
  /** Undefined when it is longer than any list that would be taken. */
  readonly text: string | undefined;
  readonly requestedBy: string | undefined;
}

export const LARGEST_LIST = 2_000_000;

/** An uploaded list of users, undefined when it is gone. */
export async function uploadedList(key: string, versionId: string): Promise<UploadedList | undefined> {
  try {
    const {
      Body,
      ContentLength = 0,
      Metadata = {},
    } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    const isTooLarge = ContentLength > LARGEST_LIST;
    // Its requester is known even so; the body is left unread.
    if (isTooLarge && Body instanceof Readable) Body.destroy();
    const text = isTooLarge ? undefined : ((await Body?.transformToString()) ?? "");
    return { text, requestedBy: Metadata["requested-by"] };
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

export async function forgetUpload(key: string, versionId: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
}

async function put(key: string, content: unknown): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: key,
      Body: JSON.stringify(content),
      ContentType: "application/json",
    }),
  );
}

async function get(key: string): Promise<unknown> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    return JSON.parse((await Body?.transformToString()) ?? "");
  } catch (error) {
    if (isMissing(error)) throw new PaperMissing("The papers of this request are gone", {}, { cause: error });
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && ["NoSuchKey", "NoSuchVersion", "NotFound"].includes(error.name);
}
