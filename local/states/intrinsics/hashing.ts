/** The digests that States.Hash and $hash know. */
import { createHash } from "node:crypto";

const ALGORITHMS: Readonly<Record<string, string>> = {
  MD5: "md5",
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

/** Hex digest of the UTF-8 text; undefined for an algorithm that is not known. */
export function digest(text: string, algorithm: string): string | undefined {
  const name = Object.hasOwn(ALGORITHMS, algorithm) ? ALGORITHMS[algorithm] : undefined;
  return name && createHash(name).update(text).digest("hex");
}

export const ALGORITHM_NAMES = Object.keys(ALGORITHMS).join(", ");
