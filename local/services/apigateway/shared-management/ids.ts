/** Ids as API Gateway makes them: lower-case letters and digits. */
import type { Cloud } from "../../../core/cloud.ts";

const ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

export function newId(cloud: Pick<Cloud, "random">, length: number): string {
  let id = "";
  while (id.length < length) {
    // The first is a letter, so that an id never reads as a number.
    const range = id === "" ? 26 : ALPHABET.length;
    id += ALPHABET[Math.floor(cloud.random() * range)] ?? "";
  }
  return id;
}

/** Sixteen characters of base64, as HTTP APIs name requests and REST APIs their extended request ids. */
export function newShortRequestId(cloud: Pick<Cloud, "random">): string {
  const bytes = Buffer.from(Array.from({ length: 11 }, () => Math.floor(cloud.random() * 256)));
  return bytes.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}
