/** What this app asks of Textract and Comprehend. */
import { DetectDominantLanguageCommand } from "@aws-sdk/client-comprehend";
import { HeadObjectCommand } from "@aws-sdk/client-s3";
import { type Block, DetectDocumentTextCommand } from "@aws-sdk/client-textract";
import { comprehend } from "#shared/clients/comprehend";
import { s3 } from "#shared/clients/s3";
import { textract } from "#shared/clients/textract";
import { chunksOf } from "./chunks.ts";
import type { Picture } from "./picture.ts";

/** The lines of a picture, from top to bottom, or why there is nothing to read it by. */
export type Reading = { readonly lines: readonly string[] } | { readonly unreadable: string };

/** What Textract cannot read, however often it is asked (Set quotas in Amazon Textract). */
const REFUSALS: Readonly<Record<string, string>> = {
  UnsupportedDocumentException: "It is no JPEG and no PNG, nor a PDF or TIFF of one page",
  BadDocumentException: "It is damaged, or its pixels are too many to be read",
  DocumentTooLargeException: "It is larger than the 10 MB that can be read",
};
const GONE = "It was removed before it was read";

const hasName = (error: unknown, ...names: readonly string[]): error is Error =>
  error instanceof Error && names.includes(error.name);

export async function readPicture(picture: Picture): Promise<Reading> {
  const S3Object = { Bucket: picture.bucket, Name: picture.key, Version: picture.versionId };
  try {
    const { Blocks } = await textract.send(new DetectDocumentTextCommand({ Document: { S3Object } }));
    return { lines: linesOf(Blocks) };
  } catch (error) {
    const refusal = error instanceof Error ? REFUSALS[error.name] : undefined;
    if (refusal !== undefined) return { unreadable: refusal };
    // Textract says the same of what is gone and of what it may not read.
    if (hasName(error, "InvalidS3ObjectException") && (await isGone(picture))) return { unreadable: GONE };
    throw error;
  }
}

/** A picture without text has a PAGE block and no more; no blocks at all are no text either. */
const linesOf = (blocks: readonly Block[] = []): readonly string[] =>
  blocks.flatMap(({ BlockType, Text = "" }) => (BlockType === "LINE" && Text.trim() !== "" ? [Text] : []));

async function isGone({ bucket, key, versionId }: Picture): Promise<boolean> {
  try {
    await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key, VersionId: versionId }));
    return false;
  } catch (error) {
    if (hasName(error, "NotFound", "NoSuchKey", "NoSuchVersion")) return true;
    throw error;
  }
}

/** The beginning tells the language of the whole. */
const TELLING_BYTES = 5_000;

/** The likeliest language of a text, as a code of Comprehend. */
export async function languageOf(text: string): Promise<string> {
  const [beginning = ""] = chunksOf(text, TELLING_BYTES);
  const { Languages = [] } = await comprehend.send(new DetectDominantLanguageCommand({ Text: beginning }));
  const [likeliest] = [...Languages].sort((a, b) => (b.Score ?? 0) - (a.Score ?? 0));
  return likeliest?.LanguageCode ?? "und";
}
