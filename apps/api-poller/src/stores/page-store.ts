/** Pages on their way, and the records that came out of them. State machine and queue carry only where they are. */
import { DeleteObjectCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { AppError } from "#shared/errors";
import type { Page } from "../pages/page.ts";

/** What is stored as a page is none: asking S3 again gets the same. */
export class PageUnreadable extends AppError<{ key: string }> {}

const pages = (): string => env.text("PAYLOAD_BUCKET");
const keptRecords = (): string => env.text("RECORDS_BUCKET");

export interface PayloadLocation {
  readonly bucket: string;
  readonly key: string;
}

/** The list that the Map state reads, one page a line. Planned again, it is written again under the same key. */
export async function savePlan(jobId: string, round: number, plan: readonly Page[]): Promise<string> {
  const Key = `plans/${jobId}/${round}.jsonl`;
  const Body = plan.map((page) => JSON.stringify(page)).join("\n");
  await s3.send(new PutObjectCommand({ Bucket: pages(), Key, Body, ContentType: "application/jsonl" }));
  return Key;
}

const Failures = z.array(z.unknown());
const Manifest = z.object({ ResultFiles: z.object({ FAILED: Failures, PENDING: Failures }) });

/**
 * Whether the execution of a page failed itself instead of marking its page as failed. No row may tell of it (ResultWriter, Step
 * Functions Developer Guide).
 */
export async function hasLostPages(manifestKey: string): Promise<boolean> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: pages(), Key: manifestKey }));
  const { FAILED, PENDING } = Manifest.parse(JSON.parse((await Body?.transformToString()) ?? "")).ResultFiles;
  return FAILED.length + PENDING.length > 0;
}

export async function savePage(jobId: string, taskId: string, records: readonly unknown[]): Promise<PayloadLocation> {
  const location = { bucket: pages(), key: `${jobId}/${taskId}.json` };
  const Body = JSON.stringify(records);
  await s3.send(
    new PutObjectCommand({ Bucket: location.bucket, Key: location.key, Body, ContentType: "application/json" }),
  );
  return location;
}

/** The records of a page, undefined when it has been removed. Throws PageUnreadable. */
export async function loadPage(key: string): Promise<readonly object[] | undefined> {
  const text = await s3.send(new GetObjectCommand({ Bucket: pages(), Key: key })).then(
    ({ Body }) => Body?.transformToString() ?? "",
    (error: unknown) => {
      if (error instanceof Error && error.name === "NoSuchKey") return undefined;
      throw error;
    },
  );
  return text === undefined ? undefined : recordsIn(text, key);
}

/** Throws PageUnreadable. */
export function recordsIn(text: string, key: string): readonly object[] {
  let records: unknown;
  try {
    records = JSON.parse(text);
  } catch {
    throw new PageUnreadable("The page is not JSON", { key });
  }
  if (!Array.isArray(records)) throw new PageUnreadable("The page is no list of records", { key });
  const stray = records.findIndex((record) => typeof record !== "object" || record === null || Array.isArray(record));
  if (stray >= 0) throw new PageUnreadable(`Record ${stray} of the page is no object`, { key });
  return records;
}

export async function removePage(key: string): Promise<void> {
  await s3.send(new DeleteObjectCommand({ Bucket: pages(), Key: key }));
}

const recordsKey = (jobId: string, taskId: string): string => `${jobId}/${taskId}.jsonl`;

/** Keeps the records, one a line. The same page again writes the same object again. */
export async function keepRecords(jobId: string, taskId: string, records: readonly object[]): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: keptRecords(),
      Key: recordsKey(jobId, taskId),
      Body: records.map((record) => `${JSON.stringify(record)}\n`).join(""),
      ContentType: "application/jsonl",
    }),
  );
}

export async function areRecordsKept(jobId: string, taskId: string): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: keptRecords(), Key: recordsKey(jobId, taskId) }));
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "NotFound") return false;
    throw error;
  }
}
