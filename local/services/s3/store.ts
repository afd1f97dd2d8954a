/** The state of S3: buckets with their versions, multipart uploads, and who is told of changes. */
import type { Cloud } from "../../core/cloud.ts";
import { type Bucket, bucketArn, type BucketRecord } from "./buckets/bucket.ts";
import { Contents } from "./contents.ts";
import { accessDenied, noSuchBucket } from "./errors.ts";
import { Uploads } from "./multipart/uploads.ts";
import { Notifier } from "./notifications/notifier.ts";
import { NULL_VERSION, type ObjectVersion } from "./objects/object-version.ts";

export type S3 = typeof import("@aws-sdk/client-s3");

export class Store {
  readonly cloud: Cloud;
  readonly uploads: Uploads;
  readonly notifier: Notifier;
  readonly #records;
  readonly #counters;
  readonly #buckets = new Map<string, Bucket>();

  constructor(cloud: Cloud) {
    this.cloud = cloud;
    this.uploads = new Uploads(cloud);
    this.notifier = new Notifier(cloud);
    this.#records = cloud.storage.map<BucketRecord>("s3.buckets");
    this.#counters = cloud.storage.map<number>("s3.counters");
    for (const record of this.#records.values()) this.#open(record);
    const versions = [...cloud.storage.map<ObjectVersion>("s3.versions").values()].sort((a, b) => a.order - b.order);
    for (const version of versions) this.#buckets.get(version.bucket)?.contents.restore(version);
  }

  /** By name. */
  buckets(): Bucket[] {
    return [...this.#buckets.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  find(name: string | undefined): Bucket | undefined {
    return name === undefined ? undefined : this.#buckets.get(name);
  }

  /** The bucket that a request names. Throws NoSuchBucket, or AccessDenied when it expects another owner. */
  bucket(input: { readonly Bucket?: string | undefined; readonly ExpectedBucketOwner?: string | undefined }): Bucket {
    const bucket = this.find(input.Bucket);
    if (!bucket) throw noSuchBucket(input.Bucket ?? "");
    this.checkOwner(input.ExpectedBucketOwner);
    return bucket;
  }

  checkOwner(expected: string | undefined): void {
    if (expected !== undefined && expected !== this.cloud.accountId) throw accessDenied();
  }

  create(record: BucketRecord): Bucket {
    this.#records.set(record.name, record);
    return this.#open(record);
  }

  configure(bucket: Bucket, changes: Partial<BucketRecord>): void {
    const record = { ...bucket.record, ...changes };
    this.#buckets.set(record.name, { ...bucket, record });
    this.#records.set(record.name, record);
  }

  delete(bucket: Bucket): void {
    this.#buckets.delete(bucket.name);
    this.#records.delete(bucket.name);
  }

  /** What a new version of an object gets: its place in the order of all writes, and the ids that follow from it. */
  stamp(bucket: Bucket): Pick<ObjectVersion, "bucket" | "versionId" | "order" | "modifiedAt" | "sequencer"> {
    const order = (this.#counters.get("order") ?? 0) + 1;
    this.#counters.set("order", order);
    const versionId = bucket.record.versioning === "Enabled" ? this.#versionId(order) : NULL_VERSION;
    const modifiedAt = this.cloud.clock.now();
    return { bucket: bucket.name, versionId, order, modifiedAt, sequencer: sequencerOf(modifiedAt, order) };
  }

  /** 32 characters; the last eight are the order, so that a listing can go on after a version that is gone. */
  #versionId(order: number): string {
    const random = this.cloud.uuid().replaceAll("-", "").slice(0, 24);
    return random + order.toString(36).padStart(8, "0");
  }

  #open(record: BucketRecord): Bucket {
    const { name } = record;
    const bucket = { name, arn: bucketArn(name), record, contents: new Contents(this.cloud.storage) };
    this.#buckets.set(name, bucket);
    return bucket;
  }
}

/** The place in the order of writes that is written into a version id; undefined for the null version. */
export const orderOfVersionId = (versionId: string): number | undefined =>
  /^[0-9a-f]{24}[0-9a-z]{8}$/.test(versionId) ? Number.parseInt(versionId.slice(24), 36) : undefined;

/** Eighteen digits: the time, then the order within it. */
const sequencerOf = (at: number, order: number): string =>
  (
    Math.floor(at / 1000)
      .toString(16)
      .padStart(10, "0") + (order % 2 ** 32).toString(16).padStart(8, "0")
  ).toUpperCase();
