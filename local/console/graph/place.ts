/**
 * Where each box is across the drawing, after U. Brandes and B. Köpf, "Fast and Simple Horizontal Coordinate Assignment" (2001):
 * boxes are put straight below their middle neighbour where they can be, four times with another preference, and the results averaged.
 * Long edges come out straight.
 */
import { type Box, type Link, neighbours } from "./order.ts";

const GAP = 28;
const PASSAGE_GAP = 14;

type Layers = readonly (readonly Box[])[];
type Beside = ReadonlyMap<string, readonly string[]>;

/** The middle of each box, from 0 on to the right. */
export function place(layers: Layers, links: readonly Link[]): Map<string, number> {
  const above = neighbours(links, "lower", "upper");
  const below = neighbours(links, "upper", "lower");
  const crossed = crossedByPassages(layers, above);
  const four = [false, true].flatMap((isUpward) =>
    [false, true].map((isLeftward) => {
      const down = isUpward ? [...layers].reverse() : layers;
      const turned = isLeftward ? down.map((boxes) => [...boxes].reverse()) : down;
      const middle = compact(turned, align(turned, isUpward ? below : above, crossed));
      return isLeftward ? new Map([...middle].map(([id, x]) => [id, -x])) : middle;
    }),
  );
  return averaged(layers, four);
}

/** A short edge that crosses a long one gives way to it. Keys name both ends. */
function crossedByPassages(layers: Layers, above: Beside): ReadonlySet<string> {
  const boxes = new Map(layers.flat().map((box) => [box.id, box]));
  const crossed = new Set<string>();
  for (const [i, lower] of layers.entries()) {
    const position = positions(layers[i - 1] ?? []);
    const edges = lower.flatMap(({ id, isPassage }, own) =>
      (above.get(id) ?? []).map((other) => ({
        ends: pair(id, other),
        own,
        other: position.get(other) ?? 0,
        isInner: isPassage && boxes.get(other)?.isPassage === true,
      })),
    );
    const inner = edges.filter(({ isInner }) => isInner);
    for (const edge of edges)
      if (!edge.isInner && inner.some((long) => (edge.own - long.own) * (edge.other - long.other) < 0))
        crossed.add(edge.ends);
  }
  return crossed;
}

/** Which boxes stand straight below each other: for each the first one of its column. */
function align(layers: Layers, before: Beside, crossed: ReadonlySet<string>): Map<string, string> {
  const root = new Map(layers.flat().map(({ id }) => [id, id]));
  const isTaken = new Set<string>();
  for (const [i, boxes] of layers.entries()) {
    const position = positions(layers[i - 1] ?? []);
    let last = -1;
    for (const { id } of boxes) {
      const others = [...(before.get(id) ?? [])].sort((a, b) => (position.get(a) ?? 0) - (position.get(b) ?? 0));
      const half = (others.length - 1) / 2;
      for (const other of others.slice(Math.max(0, Math.floor(half)), Math.ceil(half) + 1)) {
        const at = position.get(other) ?? 0;
        if (root.get(id) !== id || isTaken.has(other) || at <= last || crossed.has(pair(id, other))) continue;
        root.set(id, root.get(other) ?? other);
        isTaken.add(other);
        last = at;
      }
    }
  }
  return root;
}

/** Columns side by side as close as their boxes allow. */
function compact(layers: Layers, root: ReadonlyMap<string, string>): Map<string, number> {
  const gaps = new Map<string, Map<string, number>>();
  const columns = new Set(root.values());
  for (const boxes of layers) {
    for (const [i, box] of boxes.entries()) {
      const left = boxes[i - 1];
      if (!left) continue;
      const [from, to] = [root.get(left.id) ?? "", root.get(box.id) ?? ""];
      const known = gaps.get(to) ?? new Map<string, number>();
      gaps.set(to, known.set(from, Math.max(known.get(from) ?? 0, distance(left, box))));
    }
  }
  const x = new Map<string, number>();
  const put = (column: string): number => {
    const known = x.get(column);
    if (known !== undefined) return known;
    // Found again on the way only if columns cross, which aligning does not let happen.
    x.set(column, 0);
    const value = Math.max(0, ...[...(gaps.get(column) ?? [])].map(([left, gap]) => put(left) + gap));
    x.set(column, value);
    return value;
  };
  for (const column of columns) put(column);
  // Then to the right, as far as what stands there leaves room: columns do not cling to the left edge.
  const toRight = new Map<string, [string, number][]>();
  for (const [to, lefts] of gaps)
    for (const [from, gap] of lefts) toRight.set(from, [...(toRight.get(from) ?? []), [to, gap]]);
  for (const column of [...columns].sort((a, b) => (x.get(b) ?? 0) - (x.get(a) ?? 0))) {
    const room = Math.min(...(toRight.get(column) ?? []).map(([to, gap]) => (x.get(to) ?? 0) - gap));
    if (Number.isFinite(room)) x.set(column, Math.max(x.get(column) ?? 0, room));
  }
  return new Map([...root].map(([id, column]) => [id, x.get(column) ?? 0]));
}

/** The mean of the two middle ones of four places, all drawings laid over the narrowest; from 0 on. */
function averaged(layers: Layers, four: readonly ReadonlyMap<string, number>[]): Map<string, number> {
  const boxes = layers.flat();
  const edges = four.map((middle) => ({
    left: Math.min(...boxes.map(({ id, width }) => (middle.get(id) ?? 0) - width / 2)),
    right: Math.max(...boxes.map(({ id, width }) => (middle.get(id) ?? 0) + width / 2)),
  }));
  const narrowest = edges.reduce((best, edge) => (edge.right - edge.left < best.right - best.left ? edge : best), {
    left: 0,
    right: Infinity,
  });
  const shifts = edges.map(({ left, right }, i) => (i % 2 === 0 ? narrowest.left - left : narrowest.right - right));
  const found = new Map(
    boxes.map(({ id }) => {
      const values = four.map((middle, i) => (middle.get(id) ?? 0) + (shifts[i] ?? 0)).sort((a, b) => a - b);
      return [id, ((values[1] ?? 0) + (values[2] ?? 0)) / 2] as const;
    }),
  );
  const left = Math.min(...boxes.map(({ id, width }) => (found.get(id) ?? 0) - width / 2));
  // Rounded up: nothing gets beyond the left edge.
  return new Map([...found].map(([id, x]) => [id, Math.ceil((x - left) * 10) / 10]));
}

const distance = (left: Box, right: Box): number =>
  (left.width + right.width) / 2 + (left.isPassage || right.isPassage ? PASSAGE_GAP : GAP);

const positions = (boxes: readonly Box[]): Map<string, number> => new Map(boxes.map(({ id }, i) => [id, i]));

const pair = (a: string, b: string): string => (a < b ? `${a}\n${b}` : `${b}\n${a}`);
