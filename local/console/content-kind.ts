/** What bytes are, told from the bytes: the content type of an object is only what somebody claimed. */

const PICTURES: readonly { readonly type: string; readonly starts: readonly [number, string][] }[] = [
  { type: "image/png", starts: [[0, "\x89PNG\r\n\x1a\n"]] },
  { type: "image/jpeg", starts: [[0, "\xff\xd8\xff"]] },
  { type: "image/gif", starts: [[0, "GIF8"]] },
  {
    type: "image/webp",
    starts: [
      [0, "RIFF"],
      [8, "WEBP"],
    ],
  },
];

/** The type of a picture that browsers show and that cannot hold script; undefined for everything else, SVG among it. */
export const pictureType = (bytes: Buffer): string | undefined =>
  PICTURES.find(({ starts }) =>
    starts.every(([at, text]) => bytes.subarray(at, at + text.length).toString("latin1") === text),
  )?.type;

/** Whether bytes are UTF-8 without control characters; a character cut off at the end does not matter. */
export function looksLikeText(bytes: Buffer): boolean {
  // Nothing but tab, line feed, form feed, carriage return and escape (colours in logs) below the space.
  for (const byte of bytes)
    if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0c && byte !== 0x0d && byte !== 0x1b) return false;
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
    return true;
  } catch {
    return false;
  }
}
