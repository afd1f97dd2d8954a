/** Orders as files: what shops upload, lists of lines too long for a state, results of Map runs. */
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import * as z from "zod/mini";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import { AppError, TooLarge } from "#shared/errors";
import type { Line } from "./order.ts";
import { Summary } from "./summary.ts";

/** A file that is no order, whoever looks at it. */
export class OrderUnreadable extends AppError<{ key: string }> {}

const BUCKET = env.text("ORDERS_BUCKET");
/** 20,000 long lines; more is no order but a mistake. */
const LARGEST_BYTES = 30_000_000;

/** The JSON of an uploaded file. Throws OrderUnreadable, TooLarge. */
export async function readOrderFile(key: string, versionId: string): Promise<unknown> {
  const { Body, ContentLength = 0 } = await s3.send(
    new GetObjectCommand({ Bucket: BUCKET, Key: key, VersionId: versionId }),
  );
  if (ContentLength > LARGEST_BYTES) {
    // The connection is only free again when nobody waits for the rest.
    await Body?.transformToWebStream().cancel();
    throw new TooLarge(`An order has at most ${LARGEST_BYTES} bytes`, { limit: LARGEST_BYTES, unit: "bytes" });
  }
  const text = (await Body?.transformToString()) ?? "";
  try {
    return JSON.parse(text) as unknown;
  } catch {
    // Not even as a cause: the message of a SyntaxError quotes the file.
    throw new OrderUnreadable("The file is not JSON", { key });
  }
}

export type Plan =
  | { readonly mode: "inline"; readonly count: number; readonly lines: readonly Line[]; readonly key: "" }
  | { readonly mode: "distributed"; readonly count: number; readonly lines: readonly []; readonly key: string };

/** Few lines travel in the state, many as a file of JSON lines, named so that no other order or attempt writes over it. */
export async function planRound(
  orderId: string,
  name: string,
  lines: readonly Line[],
  mostInline: number,
): Promise<Plan> {
  if (lines.length <= mostInline) return { mode: "inline", count: lines.length, lines, key: "" };
  const key = `lines/${orderId}/${name}.jsonl`;
  const Body = lines.map((line) => `${JSON.stringify(line)}\n`).join("");
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: key, Body, ContentType: "application/jsonl" }));
  return { mode: "distributed", count: lines.length, lines: [], key };
}

const Manifest = z.object({
  ResultFiles: z.object({ SUCCEEDED: z.array(z.object({ Key: z.string() })) }),
});

/** What the batches of a Map run have answered (ResultWriter, Step Functions Developer Guide). */
export async function readResults(manifestKey: string): Promise<readonly Summary[]> {
  const { ResultFiles } = Manifest.parse(await readJson(manifestKey));
  const summaries: Summary[] = [];
  for (const { Key } of ResultFiles.SUCCEEDED) summaries.push(...z.array(Summary).parse(await readJson(Key)));
  return summaries;
}

async function readJson(Key: string): Promise<unknown> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: BUCKET, Key }));
  return JSON.parse((await Body?.transformToString()) ?? "") as unknown;
}
