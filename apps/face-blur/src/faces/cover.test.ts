import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Pixels } from "../picture/open.ts";
import { coverFaces, METHODS, type CoverOptions } from "./cover.ts";
import { ellipseAround, rowsOf } from "./ellipse.ts";
import type { Face } from "./find.ts";

const SIZE = { width: 120, height: 90 };
const face = (left: number, top: number, width: number, height: number): Face => ({
  box: { left, top, width, height },
  confidence: 99,
});
const noise = (seed: number, channels: 3 | 4 = 3): Pixels => {
  let state = seed;
  const data = Buffer.alloc(SIZE.width * SIZE.height * channels);
  for (let index = 0; index < data.length; index++) {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    data[index] = state >>> 24;
  }
  return { data, ...SIZE, channels };
};
const options: CoverOptions = { method: "pixelate", padding: 0.35, squares: 5 };
const covered = async (pixels: Pixels, faces: readonly Face[], more: Partial<CoverOptions> = {}) => {
  const copy = { ...pixels, data: Buffer.from(pixels.data) };
  await coverFaces(copy, faces, { ...options, ...more });
  return copy.data;
};
const one = face(40, 25, 30, 40);
const inside = ({ box }: Face, padding = options.padding) => {
  const rows = rowsOf(ellipseAround(box, padding), SIZE);
  return (x: number, y: number) => rows.some((row) => row.y === y && x >= row.from && x < row.to);
};

describe.each(METHODS)("a face covered by %s", (method) => {
  it("leaves nothing of the pixels below it, and all of those around it", async () => {
    const pixels = noise(1);
    const data = await covered(pixels, [one], { method });
    const isInside = inside(one);
    let [same, changedOutside] = [0, 0];
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++) {
        const at = (y * SIZE.width + x) * 3;
        const isEqual = data.subarray(at, at + 3).equals(pixels.data.subarray(at, at + 3));
        if (isInside(x, y)) same += Number(isEqual);
        else changedOutside += Number(!isEqual);
      }
    }
    expect(changedOutside).toBe(0);
    // Random pixels meet their square's average now and then.
    expect(same).toBeLessThan(5);
  });

  it("cannot be told from another face with the same averages", async () => {
    const pixels = noise(2);
    const other = shuffledWithinSquares(pixels, one, 8);
    expect(other.data.equals(pixels.data)).toBe(false);
    expect((await covered(other, [one], { method })).equals(await covered(pixels, [one], { method }))).toBe(true);
  });

  it("is covered wherever it lies, also when its box reaches beyond the picture or is tiny", async () => {
    const number = (min: number, max: number) => fc.double({ min, max, noNaN: true });
    const boxes = fc.record({
      left: number(-40, 119),
      top: number(-40, 89),
      width: number(0.1, 200),
      height: number(0.1, 200),
    });
    await fc.assert(
      fc.asyncProperty(boxes, fc.integer({ min: 1, max: 8 }), async (box, squares) => {
        const pixels = noise(3);
        const data = await covered(pixels, [{ box, confidence: 50 }], { method, squares });
        expect(data.length).toBe(pixels.data.length);
        const [x, y] = [Math.floor(box.left + box.width / 2), Math.floor(box.top + box.height / 2)];
        if (x < 0 || y < 0 || x >= SIZE.width || y >= SIZE.height || box.width * box.height < 400) return;
        const at = (y * SIZE.width + x) * 3;
        const around = [at - 3, at, at + 3].map((index) =>
          data.subarray(index, index + 3).equals(pixels.data.subarray(index, index + 3)),
        );
        expect(around).not.toEqual([true, true, true]);
      }),
      { numRuns: 60 },
    );
  });
});

describe("squares", () => {
  it.each([1, 3, 5, 8])("are at most %d along the face, of one colour each", async (squares) => {
    const data = await covered(noise(4), [one], { squares, padding: 0 });
    const colours = new Set<string>();
    const isInside = inside(one, 0);
    for (let y = 0; y < SIZE.height; y++) {
      for (let x = 0; x < SIZE.width; x++) {
        const at = (y * SIZE.width + x) * 3;
        if (isInside(x, y)) colours.add(data.subarray(at, at + 3).toString("hex"));
      }
    }
    // The ellipse is √2 as wide as the box, and a square more on each side where the grid does not meet it.
    expect(colours.size).toBeLessThanOrEqual((Math.ceil(squares * Math.SQRT2) + 2) ** 2);
    expect(colours.size).toBeGreaterThan(1);
  });

  it("hide the outline that transparency draws as well", async () => {
    const pixels = noise(5, 4);
    const data = await covered(pixels, [one], { squares: 1 });
    const row = [45, 46, 47, 48].map((x) => data[(45 * SIZE.width + x) * 4 + 3]);
    expect(new Set(row).size).toBe(1);
  });
});

describe("grey", () => {
  it("is opaque", async () => {
    const data = await covered(noise(6, 4), [one], { method: "fill" });
    expect([...data.subarray((45 * SIZE.width + 55) * 4).subarray(0, 4)]).toEqual([0x80, 0x80, 0x80, 0xff]);
  });
});

describe("an ellipse", () => {
  it("holds the whole box of the face, whatever the padding", () => {
    const boxes = fc.record({
      left: fc.integer({ min: 0, max: 60 }),
      top: fc.integer({ min: 0, max: 40 }),
      width: fc.integer({ min: 1, max: 60 }),
      height: fc.integer({ min: 1, max: 50 }),
    });
    fc.assert(
      fc.property(boxes, fc.double({ min: 0, max: 2, noNaN: true }), (box, padding) => {
        const isInside = inside({ box, confidence: 1 }, padding);
        for (const x of [box.left, Math.min(SIZE.width, box.left + box.width) - 1]) {
          for (const y of [box.top, Math.min(SIZE.height, box.top + box.height) - 1]) expect(isInside(x, y)).toBe(true);
        }
      }),
    );
  });
});

/** Puts the covered pixels of each square in another order: its average stays. */
function shuffledWithinSquares(pixels: Pixels, { box }: Face, side: number): Pixels {
  const data = Buffer.from(pixels.data);
  const rows = rowsOf(ellipseAround(box, options.padding), SIZE);
  const left = Math.min(...rows.map(({ from }) => from));
  const top = rows[0]?.y ?? 0;
  const squares = new Map<string, number[]>();
  for (const { y, from, to } of rows) {
    for (let x = from; x < to; x++) {
      const name = `${Math.floor((x - left) / side)} ${Math.floor((y - top) / side)}`;
      squares.set(name, [...(squares.get(name) ?? []), (y * SIZE.width + x) * 3]);
    }
  }
  for (const places of squares.values()) {
    for (const [index, place] of places.entries()) {
      pixels.data.copy(data, places.at(-1 - index), place, place + 3);
    }
  }
  return { ...pixels, data };
}
