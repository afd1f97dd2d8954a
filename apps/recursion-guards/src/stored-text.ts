/** A text object with everything that it carries, and how its result carries the same. */
import type { GetObjectCommandOutput, PutObjectCommandInput } from "@aws-sdk/client-s3";
import { AppError } from "#shared/errors";
import type { Metadata } from "./rounds.ts";

/** The object cannot be processed, today or tomorrow. */
export class ObjectUnsuitable extends AppError<{ key: string }> {}

/** What S3 keeps with an object and a person would miss. */
export type Headers = Pick<
  PutObjectCommandInput,
  "ContentType" | "CacheControl" | "ContentDisposition" | "ContentLanguage" | "WebsiteRedirectLocation" | "StorageClass"
> & { readonly Expires?: Date };

export interface StoredText {
  readonly text: string;
  /** Without quotes. */
  readonly eTag: string;
  readonly headers: Headers;
  readonly metadata: Metadata;
  readonly tags: readonly { readonly Key: string; readonly Value: string }[];
}

/** A text that is to be stored. */
export type Result = Omit<StoredText, "eTag">;

/** Why the object's bytes are not a text that can be read as it is, if so. */
export function unsuitability(
  { ContentLength = 0, ContentEncoding = "" }: Pick<GetObjectCommandOutput, "ContentLength" | "ContentEncoding">,
  largestBytes: number,
): string | undefined {
  if (ContentLength > largestBytes)
    return `The object has ${ContentLength} bytes, at most ${largestBytes} are processed`;
  // `aws-chunked` is how it was sent, not how it is kept.
  const encodings = ContentEncoding.split(",").map((name) => name.trim().toLowerCase());
  const coded = encodings.some((name) => !["", "identity", "aws-chunked"].includes(name));
  return coded ? "The object is compressed (Content-Encoding), which is not text" : undefined;
}

export function headersOf(output: GetObjectCommandOutput): Headers {
  const { ContentType, CacheControl, ContentDisposition, ContentLanguage, WebsiteRedirectLocation, StorageClass } =
    output;
  const Expires = output.ExpiresString === undefined ? undefined : new Date(output.ExpiresString);
  return {
    ContentType,
    CacheControl,
    ContentDisposition,
    ContentLanguage,
    WebsiteRedirectLocation,
    StorageClass,
    ...(Expires && !Number.isNaN(Expires.getTime()) && { Expires }),
  };
}

/** Tags as PutObject takes them: like the query of a URL. */
export const tagging = (tags: StoredText["tags"]): string | undefined =>
  tags.length === 0
    ? undefined
    : tags.map(({ Key, Value }) => `${encodeURIComponent(Key)}=${encodeURIComponent(Value)}`).join("&");
