/** Multipart uploads that are neither completed nor aborted, with the parts that have come so far. */
import type { ChecksumType } from "@aws-sdk/client-s3";
import type { Cloud } from "../../../core/cloud.ts";
import type { Algorithm, Checksum } from "../checksums/checksum.ts";
import { invalidArgument, noSuchUpload } from "../errors.ts";
import type { Attributes, Tags } from "../objects/object-version.ts";

export interface UploadRecord {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  /** Epoch milliseconds. */
  readonly initiatedAt: number;
  readonly attributes: Attributes;
  readonly tags: Tags;
  /** What the initiator asked for; S3 chooses CRC-64/NVME of the whole object otherwise. */
  readonly checksum: { readonly algorithm: Algorithm; readonly type: ChecksumType } | undefined;
}

export interface UploadedPart {
  readonly upload: string;
  readonly number: number;
  readonly blob: string;
  readonly size: number;
  /** Hexadecimal MD5. */
  readonly etag: string;
  readonly checksum: Checksum;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

export interface Upload {
  readonly record: UploadRecord;
  readonly parts: ReadonlyMap<number, UploadedPart>;
}

interface OpenUpload extends Upload {
  readonly parts: Map<number, UploadedPart>;
}

export class Uploads {
  readonly #cloud: Cloud;
  readonly #records;
  readonly #parts;
  readonly #open = new Map<string, OpenUpload>();

  constructor(cloud: Cloud) {
    this.#cloud = cloud;
    this.#records = cloud.storage.map<UploadRecord>("s3.uploads");
    this.#parts = cloud.storage.map<UploadedPart>("s3.parts");
    for (const record of this.#records.values()) this.#open.set(record.id, { record, parts: new Map() });
    for (const part of this.#parts.values()) this.#open.get(part.upload)?.parts.set(part.number, part);
  }

  begin(record: Omit<UploadRecord, "id" | "initiatedAt">): Upload {
    const id = (this.#cloud.uuid() + this.#cloud.uuid()).replaceAll("-", "");
    const complete = { ...record, id, initiatedAt: this.#cloud.clock.now() };
    const upload = { record: complete, parts: new Map<number, UploadedPart>() };
    this.#records.set(id, complete);
    this.#open.set(id, upload);
    return upload;
  }

  /** Throws NoSuchUpload, also when the upload is for another key. */
  find(id: string | undefined, bucket: string, key: string | undefined): Upload {
    const upload = id === undefined ? undefined : this.#open.get(id);
    if (!upload || upload.record.bucket !== bucket || upload.record.key !== key) throw noSuchUpload(id);
    return upload;
  }

  /** In no particular order. */
  of(bucket: string): Upload[] {
    return [...this.#open.values()].filter(({ record }) => record.bucket === bucket);
  }

  /** A part that comes again replaces the former one. */
  addPart(part: UploadedPart): void {
    const parts = this.#open.get(part.upload)?.parts;
    if (!parts) throw noSuchUpload(part.upload);
    const former = parts.get(part.number);
    if (former) this.#cloud.storage.blobs.delete(former.blob);
    parts.set(part.number, part);
    this.#parts.set(storedKey(part), part);
  }

  /** Ends an upload. The bytes of its parts are dropped but for those that the object took over. */
  end(upload: Upload, keptBlobs: ReadonlySet<string>): void {
    this.#open.delete(upload.record.id);
    this.#records.delete(upload.record.id);
    for (const part of upload.parts.values()) {
      this.#parts.delete(storedKey(part));
      if (!keptBlobs.has(part.blob)) this.#cloud.storage.blobs.delete(part.blob);
    }
  }
}

const storedKey = (part: UploadedPart): string => `${part.upload}/${part.number}`;

export function checkedPartNumber(number: number | undefined): number {
  if (number !== undefined && Number.isInteger(number) && number >= 1 && number <= 10_000) return number;
  throw invalidArgument("Part number must be an integer between 1 and 10000, inclusive", "partNumber", number);
}
