/** Checksums of objects and parts (Checking object integrity for data uploads in Amazon S3). */
import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ChecksumType } from "@aws-sdk/client-s3";
import { ServiceError } from "../../../core/errors.ts";
import { invalidRequest, notImplemented } from "../errors.ts";
import { type Crc64, crc32c, crc64nvme } from "./polynomials.ts";

/** Lengths of the values in bytes. */
const LENGTHS = { CRC32: 4, CRC32C: 4, CRC64NVME: 8, MD5: 16, SHA1: 20, SHA256: 32, SHA512: 64 } as const;
export type Algorithm = keyof typeof LENGTHS;
const ALGORITHMS = ["CRC32", "CRC32C", "CRC64NVME", "MD5", "SHA1", "SHA256", "SHA512"] as const;

export interface Checksum {
  readonly algorithm: Algorithm;
  /** Base64; with `-<parts>` when it is composed of the parts' checksums. */
  readonly value: string;
  readonly type: ChecksumType;
}

/** The checksum members of requests, answers and listed parts. */
export type ChecksumMembers = { readonly [A in Algorithm as `Checksum${A}`]?: string | undefined };

/** The value in base64 of some bytes, given in pieces. */
export function digest(algorithm: Algorithm, pieces: Iterable<Uint8Array>): string {
  switch (algorithm) {
    case "CRC32": {
      let value = 0;
      for (const piece of pieces) value = crc32(piece, value);
      return base64Of(value);
    }
    case "CRC32C": {
      let value = 0;
      for (const piece of pieces) value = crc32c(piece, value);
      return base64Of(value);
    }
    case "CRC64NVME": {
      let value: Crc64 = { high: 0, low: 0 };
      for (const piece of pieces) value = crc64nvme(piece, value);
      return base64Of(value.high, value.low);
    }
    default: {
      const hash = createHash(algorithm.toLowerCase());
      for (const piece of pieces) hash.update(piece);
      return hash.digest("base64");
    }
  }
}

function base64Of(...words: readonly number[]): string {
  const bytes = Buffer.alloc(4 * words.length);
  words.forEach((word, index) => bytes.writeUInt32BE(word, 4 * index));
  return bytes.toString("base64");
}

/** The algorithm of a request's `ChecksumAlgorithm`. Throws for those that are not there (XXHASH). */
export function algorithmNamed(name: string | undefined): Algorithm | undefined {
  if (name === undefined) return undefined;
  const known = ALGORITHMS.find((algorithm) => algorithm === name);
  if (known) return known;
  if (name.startsWith("XXHASH")) throw notImplemented(`checksums by ${name}`);
  throw invalidRequest(
    "Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]",
  );
}

/** The checksum that a request brings along, if any. Throws InvalidRequest when there are two or it is malformed. */
export function givenChecksum(input: ChecksumMembers): { algorithm: Algorithm; value: string } | undefined {
  let given: { algorithm: Algorithm; value: string } | undefined;
  for (const algorithm of ALGORITHMS) {
    const value = input[`Checksum${algorithm}`];
    if (value === undefined) continue;
    if (given) {
      throw invalidRequest("Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed.");
    }
    given = { algorithm, value };
  }
  if (given && !isWellFormed(given.algorithm, given.value)) {
    throw invalidRequest(`Value for x-amz-checksum-${given.algorithm.toLowerCase()} header is invalid.`);
  }
  return given;
}

function isWellFormed(algorithm: Algorithm, value: string): boolean {
  const text = value.replace(/-\d+$/, "");
  const bytes = Buffer.from(text, "base64");
  return bytes.length === LENGTHS[algorithm] && bytes.toString("base64") === text;
}

/** The checksum of a body: what was asked for, else CRC-64/NVME. Throws BadDigest when the given value is another one. */
export function checkedChecksum(
  input: ChecksumMembers & { readonly ChecksumAlgorithm?: string | undefined },
  body: Uint8Array,
): Checksum {
  const given = givenChecksum(input);
  const algorithm = given?.algorithm ?? algorithmNamed(input.ChecksumAlgorithm) ?? "CRC64NVME";
  const value = digest(algorithm, [body]);
  if (given && given.value !== value) throw badDigest(algorithm);
  return { algorithm, value, type: "FULL_OBJECT" };
}

export const badDigest = (algorithm: Algorithm): ServiceError =>
  new ServiceError("BadDigest", `The ${algorithm} you specified did not match the calculated checksum.`, {
    status: 400,
  });

/** Throws when the request names another MD5 than the body's (hex). */
export function checkContentMd5(contentMd5: string | undefined, actual: string): void {
  if (contentMd5 === undefined) return;
  const bytes = Buffer.from(contentMd5, "base64");
  if (bytes.length !== 16) {
    throw new ServiceError("InvalidDigest", "The Content-MD5 you specified was invalid.", {
      status: 400,
      detail: { "Content-MD5": contentMd5 },
    });
  }
  if (bytes.toString("hex") !== actual) {
    throw new ServiceError("BadDigest", "The Content-MD5 you specified did not match what we received.", {
      status: 400,
      detail: { ExpectedDigest: contentMd5, CalculatedDigest: Buffer.from(actual, "hex").toString("base64") },
    });
  }
}

/** The member under which answers carry a checksum: `{ ChecksumCRC32: … }`. */
export const checksumMember = (checksum: Checksum | undefined): ChecksumMembers =>
  checksum ? { [`Checksum${checksum.algorithm}`]: checksum.value } : {};
