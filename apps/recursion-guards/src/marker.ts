/** How a function recognises its own results: by a digest of the text in the metadata, which no other text has. */
import { createHash } from "node:crypto";
import type { Metadata } from "./rounds.ts";

const MARKER = "processed-by";

const markOf = (text: string): string => `recursion-guards sha256:${createHash("sha256").update(text).digest("hex")}`;

/** Whether exactly this text is a result. A text that was changed since, and kept its metadata, is none. */
export const isResult = (text: string, metadata: Metadata): boolean => metadata[MARKER] === markOf(text);

export const marked = (text: string, metadata: Metadata): Metadata => ({ ...metadata, [MARKER]: markOf(text) });
