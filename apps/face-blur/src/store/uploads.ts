/** The pictures that people upload. */
import { GetObjectCommand, type GetObjectCommandOutput, GetObjectTaggingCommand } from "@aws-sdk/client-s3";
import { s3 } from "#shared/clients/s3";
import { KeyRefused, PictureTooLarge } from "../picture/refusals.ts";

/** What goes along with a picture when it is published. */
export interface Attributes {
  readonly metadata: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  readonly headers: Headers;
}

type Headers = Pick<GetObjectCommandOutput, "CacheControl" | "ContentDisposition" | "ContentLanguage"> & {
  readonly Expires?: Date;
};

export interface UploadedPicture {
  readonly bytes: Uint8Array;
  readonly attributes: Attributes;
}

interface VersionOf {
  readonly bucket: string;
  readonly key: string;
  readonly versionId: string;
}

/** Keys go to the destination as they are. Throws KeyRefused for those that climb out of a folder, or break lines. */
export function checkKey(key: string): void {
  if (/\p{Cc}/u.test(key)) throw new KeyRefused("The key holds control characters");
  // Also as somebody may write them who decodes the key once more.
  const folders = key.replaceAll(/%2e/gi, ".").split(/[/\\]|%2f|%5c/i);
  if (folders.some((folder) => folder === "." || folder === "..")) {
    throw new KeyRefused("The key holds . or .. as a folder");
  }
}

/** Undefined when the version was deleted meanwhile. Throws PictureTooLarge before it reads more than `mostBytes`. */
export async function fetchUpload(version: VersionOf, mostBytes: number): Promise<UploadedPicture | undefined> {
  const address = { Bucket: version.bucket, Key: version.key, VersionId: version.versionId };
  try {
    const answer = await s3.send(new GetObjectCommand(address));
    const { Body, ContentLength = 0, TagCount = 0 } = answer;
    if (ContentLength > mostBytes) {
      if (Body && "destroy" in Body) Body.destroy();
      throw new PictureTooLarge(`${ContentLength} bytes, more than ${mostBytes}`, { limit: mostBytes, unit: "bytes" });
    }
    const bytes = (await Body?.transformToByteArray()) ?? new Uint8Array();
    const { TagSet = [] } = TagCount > 0 ? await s3.send(new GetObjectTaggingCommand(address)) : {};
    const tags = Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
    return { bytes, attributes: { metadata: harmless(answer.Metadata), tags, headers: headersOf(answer) } };
  } catch (error) {
    if (error instanceof Error && GONE.has(error.name)) return undefined;
    throw error;
  }
}

const GONE = new Set(["NoSuchKey", "NoSuchVersion"]);

/** Some uploaders repeat parts of the EXIF data in the object's own metadata. */
const TELLS_OF_THE_SHOT = /exif|xmp|iptc|gps|geo|location|latitude|longitude|altitude|thumbnail/i;

const harmless = (metadata: Readonly<Record<string, string>> = {}): Record<string, string> =>
  Object.fromEntries(Object.entries(metadata).filter(([name]) => !TELLS_OF_THE_SHOT.test(name)));

function headersOf({
  CacheControl,
  ContentDisposition,
  ContentLanguage,
  ExpiresString,
}: GetObjectCommandOutput): Headers {
  const expires = new Date(ExpiresString ?? Number.NaN);
  return {
    ...(CacheControl === undefined ? {} : { CacheControl }),
    ...(ContentDisposition === undefined ? {} : { ContentDisposition }),
    ...(ContentLanguage === undefined ? {} : { ContentLanguage }),
    ...(Number.isNaN(expires.getTime()) ? {} : { Expires: expires }),
  };
}
