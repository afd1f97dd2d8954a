/** Keeps texts between the steps, so that no state holds any: a state holds 256 KiB at most, and histories are read by many. */
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { env } from "#shared/environment";
import type { KeptText } from "./picture.ts";

const Bucket = env.text("RESULTS_BUCKET");

/** The same text under the same key, however often a step is repeated. */
export async function keepText(folder: string, name: string, text: string): Promise<KeptText> {
  const Key = `${folder}/${name}.txt`;
  await s3.send(new PutObjectCommand({ Bucket, Key, Body: text, ContentType: "text/plain; charset=utf-8" }));
  return { key: Key, bytes: Buffer.byteLength(text) };
}

export async function textAt(Key: string): Promise<string> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return (await Body?.transformToString()) ?? "";
}
