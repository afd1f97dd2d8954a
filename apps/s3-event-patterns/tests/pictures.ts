/** Pictures for tests: photographs that come with the face detector's package, and small ones made here. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import sharp from "sharp";

const folder = join(dirname(createRequire(import.meta.url).resolve("@vladmandic/face-api/package.json")), "demo");

/** A photograph of several people, 1 to 6; about 1,920 × 1,400. */
export const photograph = (number: number): Buffer => readFileSync(join(folder, `sample${number}.jpg`));

/** A picture of one colour. */
export const plain = (colour: string, width = 300, height = 200): Promise<Buffer> =>
  sharp({ create: { width, height, channels: 3, background: colour } })
    .jpeg()
    .toBuffer();

/** The colour of the pixel in the middle, as the nearest of the basic ones. */
export async function colourOf(bytes: Uint8Array): Promise<"red" | "green" | "blue"> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * info.channels;
  const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
  return red >= green && red >= blue ? "red" : green >= blue ? "green" : "blue";
}
