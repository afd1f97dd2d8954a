/** Which parts of a picture the detector is shown, and where in the picture that is what it answers. Pixels, unless a name says share. */

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly left: number;
  readonly top: number;
}

/**
 * The longest side that the detector is shown. Larger pictures do not help it: the smallest face it finds grows with the picture,
 * 40 pixels in one of 1,920 × 1,080 (Guidelines and quotas in Amazon Rekognition).
 */
export const LONGEST_SIDE = 1_920;

/** How much two neighbouring tiles have in common, so that a face on their border is whole in one of them. */
const OVERLAP = 0.25;

export const wholeOf = ({ width, height }: Size): Box => ({ left: 0, top: 0, width, height });

/** The four overlapping quarters of a view. */
export function quartersOf(view: Box): Box[] {
  const share = (1 + OVERLAP) / 2;
  const width = Math.ceil(view.width * share);
  const height = Math.ceil(view.height * share);
  return [0, view.height - height].flatMap((down) =>
    [0, view.width - width].map((right) => ({ left: view.left + right, top: view.top + down, width, height })),
  );
}

/** Overlapping tiles that the detector sees at full size; none where the whole picture is seen so anyway. */
export function tilesOf(size: Size): Box[] {
  if (Math.max(size.width, size.height) <= LONGEST_SIDE) return [];
  const columns = placesOf(size.width);
  return placesOf(size.height).flatMap(([top, height]) =>
    columns.map(([left, width]) => ({ left, top, width, height })),
  );
}

/** Start and length of the fewest tiles along a side, spread evenly. */
function placesOf(side: number): [start: number, length: number][] {
  const length = Math.min(side, LONGEST_SIDE);
  const steps = Math.ceil((side - length) / (LONGEST_SIDE * (1 - OVERLAP)));
  return Array.from({ length: steps + 1 }, (_, index) => [
    steps === 0 ? 0 : Math.round(((side - length) * index) / steps),
    length,
  ]);
}

/** A box given in shares of a view, in the picture. It may reach beyond the picture: the detector guesses faces that are cut off. */
export const placeIn = (view: Box, share: Box): Box => ({
  left: view.left + share.left * view.width,
  top: view.top + share.top * view.height,
  width: share.width * view.width,
  height: share.height * view.height,
});

/** How much of the smaller box lies in the other one, 0 to 1. */
export function sharedBy(one: Box, other: Box): number {
  const width = Math.min(one.left + one.width, other.left + other.width) - Math.max(one.left, other.left);
  const height = Math.min(one.top + one.height, other.top + other.height) - Math.max(one.top, other.top);
  if (width <= 0 || height <= 0) return 0;
  return (width * height) / Math.min(one.width * one.height, other.width * other.height);
}
