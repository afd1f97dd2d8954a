/** Replaces what an ellipse covers by squares of one colour each. */
import type { Pixels } from "../picture/open.ts";
import { boundsOf, type Ellipse, rowsOf } from "./ellipse.ts";

/**
 * Each square gets the average of those of its pixels that are covered: two faces with the same averages look the same
 * afterwards, down to the last bit. Transparency is averaged like a colour, or its outline would show the face.
 *
 * @param side of a square, in pixels
 */
export function pixelate({ data, width, height, channels }: Pixels, ellipse: Ellipse, side: number): void {
  const rows = rowsOf(ellipse, { width, height });
  const bounds = boundsOf(rows);
  if (!bounds) return;
  const columns = Math.ceil(bounds.width / side);
  const squares = columns * Math.ceil(bounds.height / side);
  const sums = new Float64Array(squares * channels);
  const counts = new Uint32Array(squares);
  const squareAt = (x: number, y: number) =>
    Math.floor((y - bounds.top) / side) * columns + Math.floor((x - bounds.left) / side);

  for (const { y, from, to } of rows) {
    for (let x = from; x < to; x++) {
      const square = squareAt(x, y);
      counts[square] = (counts[square] ?? 0) + 1;
      for (let channel = 0; channel < channels; channel++) {
        const slot = square * channels + channel;
        sums[slot] = (sums[slot] ?? 0) + (data[(y * width + x) * channels + channel] ?? 0);
      }
    }
  }
  for (const { y, from, to } of rows) {
    for (let x = from; x < to; x++) {
      const square = squareAt(x, y);
      for (let channel = 0; channel < channels; channel++) {
        data[(y * width + x) * channels + channel] = Math.round(
          (sums[square * channels + channel] ?? 0) / (counts[square] ?? 1),
        );
      }
    }
  }
}
