/**
 * One search among a million indexed objects against what one does without an index: list the bucket, 1,000 keys a page, and ask every
 * object for its metadata. Both on the local cloud, in one run. Waits of Athena and the network are left out on both sides.
 */
import { HeadObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { orderOfEvent, rowOf } from "../../apps/metadata-search/src/rows/index-row.ts";
import { parquetOf } from "../../apps/metadata-search/src/rows/parquet.ts";
import { ACCOUNT } from "../../local/core/principal.ts";
import { deploy, type LocalApp } from "../../local/testing.ts";

export interface SearchFigures {
  readonly indexed: number;
  readonly found: number;
  readonly searchMs: number;
  readonly scannedMegabytes: number;
  /** How many objects were listed and asked; the time is then taken as proportional to their number. */
  readonly asked: number;
  readonly listAndHeadMs: number;
  readonly ratio: number;
}

const INDEXED = 1_000_000;
const DAYS = 20;
const CUSTOMERS = 5_000;
const ASKED = 4_000;
const AT_A_TIME = 50;
const ROUNDS = 3;
const BUCKET = "without-an-index";
const MIDNIGHT = Date.UTC(2029, 11, 1);
const CUSTOMER = "c-17";

const metadataOf = (number: number) => ({
  "customer-id": `c-${number % CUSTOMERS}`,
  category: ["invoice", "letter", "plan", "photo"][number % 4] ?? "",
  "received-date": new Date(MIDNIGHT).toISOString().slice(0, 10),
});

export async function measureSearch(): Promise<SearchFigures> {
  await using app = await deploy("metadata-search");
  for (let day = 0; day < DAYS; day++) await fillDay(app, day);
  const question = { customer: CUSTOMER, limit: 999 };
  const times: number[] = [];
  let answer = { objects: [] as unknown[], scannedBytes: 0 };
  for (let round = 0; round < ROUNDS; round++)
    times.push(await timed(async () => void (answer = (await app.invoke("SearchObjects", question)) as typeof answer)));
  const searchMs = times.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  const askedMs = await listAndHead(app);
  const listAndHeadMs = (askedMs / ASKED) * INDEXED;
  return {
    indexed: INDEXED,
    found: answer.objects.length,
    searchMs,
    scannedMegabytes: answer.scannedBytes / 1e6,
    asked: ASKED,
    listAndHeadMs,
    ratio: listAndHeadMs / searchMs,
  };
}

/** One file, as a compaction leaves it. */
async function fillDay(app: LocalApp, day: number): Promise<void> {
  const count = INDEXED / DAYS;
  const time = new Date(MIDNIGHT + day * 86_400_000).toISOString();
  const fields = { customer: "customer-id", category: "category", received: "received-date" };
  const rows = Array.from({ length: count }, (_, index) => {
    const number = day * count + index;
    const eTag = number.toString(16).padStart(32, "0");
    const sequencer = (0x65_00_00_00_00_00_00 + number).toString(16);
    const key = `papers/${number.toString(36).padStart(6, "0")}.pdf`;
    const happening = {
      bucket: "papers",
      key,
      versionId: eTag,
      kind: "created",
      name: "Object Created:PutObject",
      time,
    } as const;
    const description = {
      size: 1_000 + number,
      eTag,
      contentType: "application/pdf",
      metadata: metadataOf(number),
      tags: {},
    };
    return rowOf({ ...happening, eventOrder: orderOfEvent(sequencer, time) }, description, fields, time);
  });
  const Key = `objects/day=${time.slice(0, 10)}/compacted-${day}.parquet`;
  const input = { Bucket: app.resource("IndexBucket"), Key, Body: Buffer.from(parquetOf(rows)) };
  await app.cloud.call("s3", "PutObject", input, ACCOUNT);
}

async function listAndHead(app: LocalApp): Promise<number> {
  const s3 = app.client(S3Client);
  await app.cloud.call("s3", "CreateBucket", { Bucket: BUCKET }, ACCOUNT);
  for (let number = 0; number < ASKED; number++) {
    const Key = `papers/${number.toString(36).padStart(6, "0")}.pdf`;
    const input = { Bucket: BUCKET, Key, Body: Buffer.from("x"), Metadata: metadataOf(number) };
    await app.cloud.call("s3", "PutObject", input, ACCOUNT);
  }
  return timed(async () => {
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(
        new ListObjectsV2Command({ Bucket: BUCKET, ...(ContinuationToken !== undefined && { ContinuationToken }) }),
      );
      const next = (page.Contents ?? []).values();
      const askers = Array.from({ length: AT_A_TIME }, async () => {
        for (const { Key } of next) await s3.send(new HeadObjectCommand({ Bucket: BUCKET, Key }));
      });
      await Promise.all(askers);
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
  });
}

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
