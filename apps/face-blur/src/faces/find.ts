/** Finds all faces of a picture by showing it, and parts of it where that is needed, to a detector. */
import { PictureUnsupported, TooManyFaces } from "../picture/refusals.ts";
import type { Pixels } from "../picture/open.ts";
import { type Box, placeIn, quartersOf, sharedBy, tilesOf, wholeOf } from "./views.ts";

/** A face as the detector reports it: its box in shares of what it was shown. */
export interface Seen {
  readonly share: Box;
  /** 0 to 100. */
  readonly confidence: number;
}

export interface Face {
  /** Pixels of the picture. It may reach beyond the picture's edges. */
  readonly box: Box;
  /** 0 to 100. */
  readonly confidence: number;
}

export interface Found {
  /** As confident as asked for, each once. The largest come first. */
  readonly faces: readonly Face[];
  /** What was left uncovered because the detector was less sure. */
  readonly doubtful: readonly Face[];
  /** How often the detector was asked: what the picture costs. */
  readonly looks: number;
}

/** Shows a part of the picture to the detector. */
export type Look = (pixels: Pixels, view: Box) => Promise<readonly Seen[]>;

export interface FindOptions {
  /** Faces with less confidence count as doubtful. */
  readonly leastConfidence: number;
  /** Looks at large pictures part by part as well, so that small faces are found. */
  readonly findsSmallFaces: boolean;
}

/** DetectFaces answers the 100 largest faces at most (DetectFaces, Amazon Rekognition API Reference): so many may mean more. */
export const MOST_SEEN = 100;
/** How often a crowded part is divided: 100 faces, 400, 1,600. */
const MOST_DIVISIONS = 2;
/** Bounds cost and time of one picture; 50 megapixels have 36 at most, unless they are a long strip. */
const MOST_TILES = 60;

/** Throws TooManyFaces when even the smallest parts are so crowded that faces may have been left out. */
export async function findFaces(pixels: Pixels, look: Look, options: FindOptions): Promise<Found> {
  const tiles = options.findsSmallFaces ? tilesOf(pixels) : [];
  if (tiles.length > MOST_TILES) {
    throw new PictureUnsupported(
      `${pixels.width} × ${pixels.height} pixels make ${tiles.length} tiles, more than ${MOST_TILES}`,
    );
  }
  const all: Face[] = [];
  let looks = 0;
  const explore = async (view: Box, divisions: number): Promise<void> => {
    looks += 1;
    const seen = await look(pixels, view);
    all.push(...seen.map(({ share, confidence }) => ({ box: placeIn(view, share), confidence })));
    if (seen.length < MOST_SEEN) return;
    if (divisions === MOST_DIVISIONS) {
      throw new TooManyFaces(`More faces than the detector tells apart, at least ${all.length}`, {
        atLeast: all.length,
      });
    }
    for (const quarter of quartersOf(view)) await explore(quarter, divisions + 1);
  };
  await explore(wholeOf(pixels), 0);
  for (const tile of tiles) await explore(tile, 1);

  const isSure = ({ confidence }: Face) => confidence >= options.leastConfidence;
  const faces = eachOnce(all.filter(isSure));
  const doubtful = eachOnce(all.filter((face) => !isSure(face))).filter(
    ({ box }) => !faces.some((face) => sharedBy(face.box, box) > SAME_FACE),
  );
  return { faces, doubtful, looks };
}

/** Boxes of one face in two views are nearly the same; neighbours in a crowd overlap less. */
const SAME_FACE = 0.7;

/** The same face seen in several views becomes one, as large as all its boxes together and as certain as the best of them. */
export function eachOnce(faces: readonly Face[]): Face[] {
  const found: Face[] = [];
  for (const face of faces.toSorted((a, b) => areaOf(b.box) - areaOf(a.box))) {
    const index = found.findIndex(({ box }) => sharedBy(box, face.box) > SAME_FACE);
    const same = found[index];
    if (same)
      found[index] = { box: around(same.box, face.box), confidence: Math.max(same.confidence, face.confidence) };
    else found.push(face);
  }
  return found;
}

const areaOf = ({ width, height }: Box): number => width * height;

function around(one: Box, other: Box): Box {
  const left = Math.min(one.left, other.left);
  const top = Math.min(one.top, other.top);
  return {
    left,
    top,
    width: Math.max(one.left + one.width, other.left + other.width) - left,
    height: Math.max(one.top + one.height, other.top + other.height) - top,
  };
}
