/** The resolutions that a picture is kept in, where they are kept, and what each part of the bucket gets. */
export const RESOLUTIONS = ["small", "medium", "large"] as const;
export type Resolution = (typeof RESOLUTIONS)[number];

export interface Shape {
  /** The longer side of a picture that is kept whole, each side of a square. */
  readonly pixels: number;
  /** Cut out of the middle. */
  readonly isSquare: boolean;
}

/** Avatars are cut to squares, everything else is kept whole. */
export const shapeOf = (key: string, pixels: number, avatarsPrefix: string): Shape => ({
  pixels,
  isSquare: key.startsWith(avatarsPrefix),
});

/** Bytes of UTF-8 (Naming Amazon S3 objects). */
const LONGEST_KEY = 1_024;

interface Place {
  readonly bucket: string;
  readonly key: string;
}

/** Where a resolution is kept: `small/<bucket>/<key>`. */
export const keyOfResolution = (resolution: Resolution, { bucket, key }: Place): string =>
  `${resolution}/${bucket}/${key}`;

/**
 * Why nothing is made of a picture: programs that mirror the bucket to a disk could mistake its key for a path out of it, the key
 * breaks lines, or is too long to carry more. Undefined for all others.
 */
export function refusalOf({ bucket, key }: Place): string | undefined {
  if (/\p{Cc}/u.test(key)) return "The key holds control characters";
  // Also as somebody may write them who decodes the key once more.
  const folders = key.replaceAll(/%2e/gi, ".").split(/[/\\]|%2f|%5c/i);
  if (folders.some((folder) => folder === "." || folder === "..")) return "The key holds . or .. as a folder";
  const bytes = Buffer.byteLength(keyOfResolution("medium", { bucket, key }));
  return bytes > LONGEST_KEY ? `With its resolution the key has ${bytes} bytes, more than ${LONGEST_KEY}` : undefined;
}
