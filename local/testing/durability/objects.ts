/** S3: objects that are put, overwritten and deleted, and uploads in parts. */
import {
  CompleteMultipartUploadCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  PutObjectCommand,
  S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import type { KillableCloud } from "./killable-cloud.ts";
import { untilKilled, type Witness } from "./witness.ts";

const Bucket = "kept";
const KEYS = 12;
const DELETED = "(deleted)";

interface Part {
  readonly Key: string;
  readonly UploadId: string;
  readonly ETag: string | undefined;
  readonly text: string;
}

/** One lane of calls, one after the other, on keys of its own: at most one call is in doubt when the cloud is killed. */
export class Objects implements Witness {
  readonly #lane: string;
  acknowledged = 0;
  /** The acknowledged state of each key, and what a call in doubt may have made of it. */
  readonly #states = new Map<string, { sure: string; perhaps?: string }>();
  /** Parts that were acknowledged, of uploads that are not complete. */
  #parts: Part[] = [];

  constructor(lane: string) {
    this.#lane = lane;
  }

  async setUp(cloud: KillableCloud): Promise<void> {
    await cloud.client(S3Client).send(new CreateBucketCommand({ Bucket }));
  }

  async load(cloud: KillableCloud, round: number): Promise<void> {
    const s3 = cloud.client(S3Client);
    await untilKilled(async (turn) => {
      const Key = `${this.#lane}/${turn % KEYS}`;
      const text = `${round}-${turn} ${"x".repeat(500)}`;
      if (turn % 10 === 4) await this.#upload(s3, `${this.#lane}/parts-${round}-${turn}`, text);
      else if (turn % 5 === 3)
        await this.#change(Key, DELETED, () => s3.send(new DeleteObjectCommand({ Bucket, Key })));
      else await this.#change(Key, text, () => s3.send(new PutObjectCommand({ Bucket, Key, Body: text })));
    });
  }

  async look(cloud: KillableCloud): Promise<readonly string[]> {
    const s3 = cloud.client(S3Client);
    for (const part of this.#parts) await this.#complete(s3, part);
    this.#parts = [];
    const wrong: string[] = [];
    for (const [Key, { sure, perhaps }] of this.#states) {
      const found = await read(s3, Key);
      if (found !== sure && found !== perhaps) wrong.push(`${Key} is ${short(found)}, acknowledged was ${short(sure)}`);
      this.#states.set(Key, { sure: found });
    }
    return wrong;
  }

  async #change(Key: string, to: string, call: () => Promise<unknown>): Promise<void> {
    this.#states.set(Key, { sure: this.#states.get(Key)?.sure ?? DELETED, perhaps: to });
    await call();
    this.#states.set(Key, { sure: to });
    this.acknowledged++;
  }

  async #upload(s3: S3Client, Key: string, text: string): Promise<void> {
    const { UploadId = "" } = await s3.send(new CreateMultipartUploadCommand({ Bucket, Key }));
    const { ETag } = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 1, Body: text }));
    const part = { Key, UploadId, ETag, text };
    this.#parts.push(part);
    await this.#complete(s3, part);
    this.#parts.pop();
  }

  /** An upload whose completion is in doubt may be complete already. */
  async #complete(s3: S3Client, { Key, UploadId, ETag, text }: Part): Promise<void> {
    const MultipartUpload = { Parts: [{ PartNumber: 1, ETag }] };
    const complete = () => s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }));
    await this.#change(Key, text, () =>
      complete().catch((error: unknown) => {
        if (!(error instanceof Error && error.name === "NoSuchUpload" && this.#states.has(Key))) throw error;
      }),
    );
  }
}

async function read(s3: S3Client, Key: string): Promise<string> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
    return (await Body?.transformToString()) ?? "";
  } catch (error) {
    if (error instanceof Error && error.name === "NoSuchKey") return DELETED;
    return error instanceof Error ? `unreadable: ${error.message}` : "unreadable";
  }
}

const short = (text: string): string => text.slice(0, 30).trim();
