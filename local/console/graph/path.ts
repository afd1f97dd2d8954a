/** The line of an edge: out of one state, through the places kept free for it, into the other. */

/** A box that the line touches or passes through. */
export interface Corridor {
  /** Its middle. */
  readonly x: number;
  readonly top: number;
  readonly bottom: number;
  readonly width: number;
}

/**
 * The `d` of an SVG path through a chain of boxes from the upper to the lower state. `ports` shift its ends along the borders.
 * An edge that leads back runs the other way.
 */
export function pathOf(chain: readonly Corridor[], [first, last]: readonly [number, number], isBack: boolean): string {
  const points: (readonly [number, number])[] = chain.flatMap((box, i) => {
    if (i === 0) return [[box.x + first, box.bottom] as const];
    if (i === chain.length - 1) return [[box.x + last, box.top] as const];
    // What has no height only reserves room: bending there would make the line waver.
    return box.bottom - box.top < 1 ? [] : [[box.x, box.top] as const, [box.x, box.bottom] as const];
  });
  if (isBack) points.reverse();
  const [start, ...rest] = points;
  if (!start) return "";
  let [x, y] = start;
  const parts = [`M${round(x)} ${round(y)}`];
  for (const [toX, toY] of rest) {
    const half = (y + toY) / 2;
    // Straight down, or a curve that leaves and arrives vertically.
    parts.push(
      Math.abs(toX - x) < 0.5
        ? `L${round(toX)} ${round(toY)}`
        : `C${round(x)} ${round(half)} ${round(toX)} ${round(half)} ${round(toX)} ${round(toY)}`,
    );
    [x, y] = [toX, toY];
  }
  return parts.join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;
