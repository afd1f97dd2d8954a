import { describe, expect, it } from "vitest";
import { failing } from "#shared/testing/invocation";
import type { Pixels } from "../picture/open.ts";
import { findFaces, type Look, MOST_SEEN, type Seen } from "./find.ts";
import { type Box, quartersOf, tilesOf } from "./views.ts";

const picture = (width: number, height: number): Pixels => ({ data: Buffer.alloc(0), width, height, channels: 3 });
const usual = { leastConfidence: 50, findsSmallFaces: false };

/** A detector that sees the faces of a known picture: those whose middle is in the view, at most 100, none that look too small. */
function detectorOf(faces: readonly Box[], { smallest = 0, confidence = 90 } = {}) {
  const views: Box[] = [];
  const look: Look = (_pixels, view) => {
    views.push(view);
    const seen = faces.flatMap((face): Seen[] => {
      const share = {
        left: (face.left - view.left) / view.width,
        top: (face.top - view.top) / view.height,
        width: face.width / view.width,
        height: face.height / view.height,
      };
      const isIn =
        share.left + share.width / 2 > 0 &&
        share.left + share.width / 2 < 1 &&
        share.top + share.height / 2 > 0 &&
        share.top + share.height / 2 < 1;
      return isIn && share.width >= smallest ? [{ share, confidence }] : [];
    });
    return Promise.resolve(seen.slice(0, MOST_SEEN));
  };
  return { look, views };
}
const crowd = (columns: number, rows: number, size: number): Box[] =>
  Array.from({ length: columns * rows }, (_, index) => ({
    left: (index % columns) * size * 2 + size / 2,
    top: Math.floor(index / columns) * size * 2 + size / 2,
    width: size,
    height: size,
  }));

describe("a usual picture", () => {
  it("is looked at once, as a whole", async () => {
    const { look, views } = detectorOf([{ left: 100, top: 50, width: 40, height: 60 }]);
    const found = await findFaces(picture(4_000, 3_000), look, usual);
    expect(views).toEqual([{ left: 0, top: 0, width: 4_000, height: 3_000 }]);
    expect(found).toMatchObject({ looks: 1, doubtful: [] });
    expect(found.faces).toEqual([{ box: expect.any(Object), confidence: 90 }]);
    expect(found.faces[0]?.box.left).toBeCloseTo(100);
    expect(found.faces[0]?.box.height).toBeCloseTo(60);
  });

  it("keeps boxes that reach beyond it as they are", async () => {
    const look: Look = () =>
      Promise.resolve([{ share: { left: -0.1, top: 0.9, width: 0.3, height: 0.3 }, confidence: 80 }]);
    const [found] = (await findFaces(picture(100, 100), look, usual)).faces;
    expect(found?.box.left).toBeCloseTo(-10);
  });

  it.each([
    [49.9, 0, 1],
    [50, 1, 0],
  ])("counts a face with %d % confidence as asked", async (confidence, sure, doubtful) => {
    const { look } = detectorOf([{ left: 1, top: 1, width: 9, height: 9 }], { confidence });
    const found = await findFaces(picture(100, 100), look, usual);
    expect([found.faces.length, found.doubtful.length]).toEqual([sure, doubtful]);
  });
});

describe("a crowd", () => {
  it("of 99 needs no second look", async () => {
    const { look, views } = detectorOf(crowd(11, 9, 50));
    expect((await findFaces(picture(1_200, 1_000), look, usual)).faces).toHaveLength(99);
    expect(views).toHaveLength(1);
  });

  it("of 300 is looked at in parts, and every face counts once", async () => {
    const { look } = detectorOf(crowd(20, 15, 40));
    const found = await findFaces(picture(1_600, 1_200), look, usual);
    expect(found.faces).toHaveLength(300);
    expect(found.looks).toBeGreaterThan(4);
  });

  it("of more than can be told apart is refused, after a bounded number of looks", async () => {
    const { look, views } = detectorOf(crowd(100, 100, 10));
    const error = await failing(findFaces(picture(2_000, 2_000), look, usual));
    expect(error).toMatchObject({ name: "TooManyFaces", retryable: false });
    expect(views.length).toBeLessThanOrEqual(21);
  });
});

describe("small faces in a large picture", () => {
  const faces = [
    { left: 5_990, top: 3_990, width: 60, height: 60 },
    { left: 1_400, top: 900, width: 60, height: 60 },
  ];

  it("are missed by one look, and found part by part where that is asked for", async () => {
    const { look } = detectorOf(faces, { smallest: 0.02 });
    const size = picture(6_100, 4_100);
    expect((await findFaces(size, look, usual)).faces).toEqual([]);
    const found = await findFaces(size, look, { ...usual, findsSmallFaces: true });
    expect(found.faces).toHaveLength(2);
    expect(found.looks).toBe(1 + tilesOf(size).length);
  });

  it("are not looked for in a picture that would become countless parts", async () => {
    const { look, views } = detectorOf([]);
    const error = await failing(findFaces(picture(1_000_000, 50), look, { ...usual, findsSmallFaces: true }));
    expect(error).toMatchObject({ name: "PictureUnsupported" });
    expect(views).toEqual([]);
  });
});

describe("parts of a picture", () => {
  const isIn = (part: Box, x: number, y: number) =>
    x >= part.left && x < part.left + part.width && y >= part.top && y < part.top + part.height;

  it.each([
    [1_921, 1_080],
    [6_000, 4_000],
    [10_001, 37],
    [2_500, 9_999],
  ])("cover a picture of %d × %d without reaching beyond it", (width, height) => {
    for (const parts of [tilesOf({ width, height }), quartersOf({ left: 0, top: 0, width, height })]) {
      for (const x of [0, Math.floor(width * 0.37), Math.floor(width / 2), width - 1]) {
        for (const y of [0, Math.floor(height * 0.61), Math.floor(height / 2), height - 1]) {
          expect(parts.some((part) => isIn(part, x, y))).toBe(true);
        }
      }
      for (const { left, top, width: across, height: down } of parts) {
        expect([left, top, across, down].every((value) => Number.isInteger(value) && value >= 0)).toBe(true);
        expect([left + across <= width, top + down <= height]).toEqual([true, true]);
      }
    }
  });

  it("are none where the whole is small enough", () => expect(tilesOf({ width: 1_920, height: 1_080 })).toEqual([]));
});
