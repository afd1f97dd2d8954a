/** The mark by which an uploader asks for processing: user metadata `original` = `true`. */
import type { Metadata } from "./rounds.ts";

const MARK = "original";

export const isOriginal = (metadata: Metadata): boolean => metadata[MARK] === "true";

export function withoutMark({ [MARK]: _mark, ...rest }: Metadata): Metadata {
  return rest;
}
