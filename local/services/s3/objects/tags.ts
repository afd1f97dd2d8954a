/** Tag sets of objects and buckets (Categorizing your objects using tags). */
import type { Tag } from "@aws-sdk/client-s3";
import { ServiceError } from "../../../core/errors.ts";
import { invalidArgument } from "../errors.ts";
import type { Tags } from "./object-version.ts";

export const MOST_OBJECT_TAGS = 10;
export const MOST_BUCKET_TAGS = 50;
const ALLOWED = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;

/** A tag set from a request's body. Throws InvalidTag or BadRequest. */
export function tagsOf(tagSet: readonly Tag[] | undefined, most: number): Tags {
  const tags = tagSet ?? [];
  if (tags.length > most) {
    throw most === MOST_OBJECT_TAGS
      ? new ServiceError("BadRequest", "Object tags cannot be greater than 10", { status: 400 })
      : new ServiceError("BadRequest", "Bucket tag count cannot be greater than 50", { status: 400 });
  }
  const found = new Map<string, string>();
  for (const { Key: key = "", Value: value = "" } of tags) {
    if (found.has(key)) throw invalidTag("Cannot provide multiple Tags with the same key", key);
    checkTag(key, value);
    found.set(key, value);
  }
  return Object.fromEntries(found);
}

/** Tags as `x-amz-tagging` carries them: `a=1&b=2`. */
export function tagsOfHeader(header: string | undefined): Tags {
  if (header === undefined || header === "") return {};
  const pairs = [...new URLSearchParams(header)];
  if (pairs.some(([key]) => key === ""))
    throw invalidArgument(
      "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query parameters without tag name duplicates.",
      "x-amz-tagging",
      header,
    );
  return tagsOf(
    pairs.map(([Key, Value]) => ({ Key, Value })),
    MOST_OBJECT_TAGS,
  );
}

/** In the order of their keys, as S3 lists them. */
export const tagSetOf = (tags: Tags): Required<Tag>[] =>
  Object.entries(tags)
    .map(([Key, Value]) => ({ Key, Value }))
    .sort((a, b) => (a.Key < b.Key ? -1 : 1));

function checkTag(key: string, value: string): void {
  if (key.length < 1 || key.length > 128 || !ALLOWED.test(key)) {
    throw invalidTag("The TagKey you have provided is invalid", key);
  }
  if (value.length > 256 || !ALLOWED.test(value)) throw invalidTag("The TagValue you have provided is invalid", key);
  if (/^aws:/i.test(key)) throw invalidTag("System tags cannot be added/updated by requester", key);
}

const invalidTag = (message: string, key: string): ServiceError =>
  new ServiceError("InvalidTag", message, { status: 400, detail: { TagKey: key } });
