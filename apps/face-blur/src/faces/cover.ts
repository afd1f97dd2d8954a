/** Covers faces so that nobody can uncover them. Works on the pixels in place. */
import type { Pixels } from "../picture/open.ts";
import type { Face } from "./find.ts";
import { type Ellipse, ellipseAround, rowsOf } from "./ellipse.ts";
import { pixelate } from "./pixelate.ts";
import { smooth } from "./smooth.ts";

/**
 * `pixelate` leaves a few squares of one colour each, `blur` softens these squares, `fill` leaves grey. What the first two keep
 * is the average colour of each square and nothing else: the blur is one of squares, not of the face, and cannot be undone to
 * more than them.
 */
export const METHODS = ["pixelate", "blur", "fill"] as const;
export type Method = (typeof METHODS)[number];

export interface CoverOptions {
  readonly method: Method;
  /** How far beyond the detector's box, on each side, as a share of the box. */
  readonly padding: number;
  /** Squares along the longer side of the detector's box. */
  readonly squares: number;
}

const GREY = 0x80;

export async function coverFaces(pixels: Pixels, faces: readonly Face[], options: CoverOptions): Promise<Ellipse[]> {
  const { method, padding, squares } = options;
  const covers = faces.map(({ box }) => ({
    ellipse: ellipseAround(box, padding),
    side: Math.max(1, Math.ceil(Math.max(box.width, box.height) / squares)),
  }));
  for (const { ellipse, side } of covers) {
    if (method === "fill") fill(pixels, ellipse);
    else pixelate(pixels, ellipse, side);
  }
  // After all squares are there, so that no face bleeds into the blur of its neighbour.
  if (method === "blur") for (const { ellipse, side } of covers) await smooth(pixels, ellipse, side);
  return covers.map(({ ellipse }) => ellipse);
}

function fill({ data, width, height, channels }: Pixels, ellipse: Ellipse): void {
  for (const { y, from, to } of rowsOf(ellipse, { width, height })) {
    const [start, end] = [(y * width + from) * channels, (y * width + to) * channels];
    data.fill(GREY, start, end);
    if (channels === 4) for (let index = start + 3; index < end; index += 4) data[index] = 0xff;
  }
}
