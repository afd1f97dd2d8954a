/** The part of a picture that hides a face. */
import type { Box, Size } from "./views.ts";

export interface Ellipse {
  readonly centreX: number;
  readonly centreY: number;
  readonly radiusX: number;
  readonly radiusY: number;
}

/**
 * An ellipse around a face's box and the padding on each of its sides, as a share of the box. The detector's box ends at
 * forehead, cheeks and chin; hair and ears lie outside. However small the padding, the whole box lies within: its corners are
 * on the ellipse whose radii are √2 times half its sides.
 */
export function ellipseAround({ left, top, width, height }: Box, padding: number): Ellipse {
  const factor = Math.max(Math.SQRT2, 1 + 2 * padding);
  return {
    centreX: left + width / 2,
    centreY: top + height / 2,
    // A pixel more, so that rounding leaves no rim.
    radiusX: (width / 2) * factor + 1,
    radiusY: (height / 2) * factor + 1,
  };
}

export interface Row {
  readonly y: number;
  /** The first covered pixel. */
  readonly from: number;
  /** The first pixel that is not covered any more. */
  readonly to: number;
}

/** The covered pixels, row by row, within the picture: those whose middle lies in the ellipse. */
export function rowsOf({ centreX, centreY, radiusX, radiusY }: Ellipse, { width, height }: Size): Row[] {
  const rows: Row[] = [];
  const first = Math.max(0, Math.floor(centreY - radiusY));
  const last = Math.min(height - 1, Math.ceil(centreY + radiusY));
  for (let y = first; y <= last; y++) {
    const distance = (y + 0.5 - centreY) / radiusY;
    if (Math.abs(distance) > 1) continue;
    const reach = radiusX * Math.sqrt(1 - distance * distance);
    const from = Math.max(0, Math.ceil(centreX - reach - 0.5));
    const to = Math.min(width, Math.floor(centreX + reach - 0.5) + 1);
    if (from < to) rows.push({ y, from, to });
  }
  return rows;
}

/** The smallest box of whole pixels around covered rows. Undefined without rows. */
export function boundsOf(rows: readonly Row[]): Box | undefined {
  const [first, last] = [rows[0], rows.at(-1)];
  if (!first || !last) return undefined;
  const left = rows.reduce((least, { from }) => Math.min(least, from), Infinity);
  const right = rows.reduce((most, { to }) => Math.max(most, to), 0);
  return { left, top: first.y, width: right - left, height: last.y - first.y + 1 };
}
