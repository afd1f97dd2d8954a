/** What a bucket keeps under a key: versions of an object and delete markers. */
import type { Checksum } from "../checksums/checksum.ts";

/** The version id of what was written while versioning was off or suspended. */
export const NULL_VERSION = "null";

export interface ObjectVersion {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
  /** Later ones are greater, over all buckets: listings give the newest first, also within one millisecond. */
  readonly order: number;
  /** Epoch milliseconds. Headers and conditions know only whole seconds. */
  readonly modifiedAt: number;
  /** Hexadecimal, later ones are greater; what events carry. */
  readonly sequencer: string;
  /** Undefined for a delete marker. */
  readonly content: Content | undefined;
  readonly attributes: Attributes;
  readonly tags: Tags;
}

export type Tags = Readonly<Record<string, string>>;
/** A version that is not a delete marker. */
export type StoredObject = ObjectVersion & { readonly content: Content };
export const isObject = (version: ObjectVersion | undefined): version is StoredObject => version?.content !== undefined;

export interface Content {
  readonly size: number;
  /** Without quotes: an MD5, or for multipart uploads an MD5 of MD5s with `-<parts>`. */
  readonly etag: string;
  readonly checksum: Checksum;
  /** One for an object that was put at once; with its number for those of a multipart upload. */
  readonly parts: readonly Part[];
}

interface Part {
  /** Undefined in an object that was put at once. */
  readonly number: number | undefined;
  readonly blob: string;
  readonly size: number;
  readonly checksum: Checksum | undefined;
}

/** Headers, user metadata and properties that were given when the object was written. */
export interface Attributes {
  readonly contentType: string | undefined;
  readonly cacheControl: string | undefined;
  readonly contentDisposition: string | undefined;
  readonly contentEncoding: string | undefined;
  readonly contentLanguage: string | undefined;
  /** Epoch milliseconds. */
  readonly expires: number | undefined;
  readonly websiteRedirect: string | undefined;
  /** Names in lower case. */
  readonly metadata: Readonly<Record<string, string>>;
  readonly storageClass: string;
  readonly encryption: Encryption;
}

export interface Encryption {
  readonly algorithm: "AES256" | "aws:kms" | "aws:kms:dsse";
  readonly kmsKeyId: string | undefined;
  readonly bucketKeyEnabled: boolean | undefined;
}
