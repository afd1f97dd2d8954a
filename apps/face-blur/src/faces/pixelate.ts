/** Replaces what an ellipse covers by squares of one colour each. */
import type { Pixels } from "../picture/open.ts";
import { boundsOf, type Ellipse, rowsOf } from "./ellipse.ts";

/**
 * Each square gets the average of those of its pixels that are covered: two faces with the same averages look the same
 * afterwards, down to the last bit. Transparency is averaged like a colour, or its outline would show the face.
 *
 * @param side of a square, in pixels
 */
export function pixelate(pixels: Pixels, ellipse: Ellipse, side: number): void {
  const { data, channels } = pixels;
  const runs = runsOf(pixels, ellipse, side);
  const squares = 1 + runs.reduce((most, { square }) => Math.max(most, square), -1);
  for (let channel = 0; channel < channels; channel++) {
    const sums = new Float64Array(squares);
    const counts = new Float64Array(squares);
    for (const { square, start, end } of runs) {
      let sum = 0;
      for (let index = start + channel; index < end; index += channels) sum += data[index] ?? 0;
      sums[square] = (sums[square] ?? 0) + sum;
      counts[square] = (counts[square] ?? 0) + (end - start) / channels;
    }
    for (const { square, start, end } of runs) {
      const average = Math.round((sums[square] ?? 0) / (counts[square] ?? 1));
      for (let index = start + channel; index < end; index += channels) data[index] = average;
    }
  }
}

/** Neighbouring bytes of one row in one square. */
interface Run {
  readonly square: number;
  readonly start: number;
  readonly end: number;
}

/** The covered pixels, cut where squares meet. The squares begin at the top left of what is covered. */
function runsOf({ width, height, channels }: Pixels, ellipse: Ellipse, side: number): Run[] {
  const rows = rowsOf(ellipse, { width, height });
  const bounds = boundsOf(rows);
  if (!bounds) return [];
  const columns = Math.ceil(bounds.width / side);
  return rows.flatMap(({ y, from, to }) => {
    const firstOfRow = Math.floor((y - bounds.top) / side) * columns;
    const runs: Run[] = [];
    for (let x = from; x < to;) {
      const column = Math.floor((x - bounds.left) / side);
      const next = Math.min(to, bounds.left + (column + 1) * side);
      runs.push({ square: firstOfRow + column, start: (y * width + x) * channels, end: (y * width + next) * channels });
      x = next;
    }
    return runs;
  });
}
