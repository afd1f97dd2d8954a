/** Softens the squares that a face was replaced by. */
import { sharpOf } from "../picture/encode.ts";
import type { Pixels } from "../picture/open.ts";
import { boundsOf, type Ellipse, rowsOf } from "./ellipse.ts";

/** Standard deviation of the Gaussian blur, in squares: neighbouring squares run into each other. */
const SIGMA = 0.75;

/** Blurs what the ellipse covers, and a little of its surroundings into its rim. */
export async function smooth(pixels: Pixels, ellipse: Ellipse, side: number): Promise<void> {
  const { data, width, channels } = pixels;
  const rows = rowsOf(ellipse, pixels);
  const bounds = boundsOf(rows);
  if (!bounds) return;
  const sigma = Math.max(0.5, side * SIGMA);
  const blurred = await sharpOf(pixels).extract(bounds).blur(sigma).raw().toBuffer();
  for (const { y, from, to } of rows) {
    const start = ((y - bounds.top) * bounds.width + from - bounds.left) * channels;
    blurred.copy(data, (y * width + from) * channels, start, start + (to - from) * channels);
  }
}
