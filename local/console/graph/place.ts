/** Where each box is across the drawing: as near to its neighbours as the order and the gaps allow. */
import { type Box, type Link, neighbours } from "./order.ts";

const GAP = 28;
const PASSAGE_GAP = 14;
const ROUNDS = 16;
/** How much more a straight long edge counts than a centred state. */
const PASSAGE_WEIGHT = 4;

/** The middle of each box, from 0 on to the right. */
export function place(layers: readonly (readonly Box[])[], links: readonly Link[]): Map<string, number> {
  const above = neighbours(links, "lower", "upper");
  const below = neighbours(links, "upper", "lower");
  const middle = new Map<string, number>();
  for (const boxes of layers) {
    const offsets = offsetsOf(boxes);
    const width = (offsets.at(-1) ?? 0) / 2;
    boxes.forEach(({ id }, i) => middle.set(id, (offsets[i] ?? 0) - width));
  }
  for (let round = 0; round < ROUNDS; round++) {
    const isDown = round % 2 === 0;
    // At the end both sides count, so that the drawing is balanced.
    const isLast = round >= ROUNDS - 2;
    const ordered = isDown ? layers : [...layers].reverse();
    for (const boxes of ordered) {
      const wishes = boxes.map(({ id }) => {
        const beside = isLast
          ? [...(above.get(id) ?? []), ...(below.get(id) ?? [])]
          : ((isDown ? above : below).get(id) ?? []);
        const others = beside.map((other) => middle.get(other) ?? 0);
        return others.length === 0
          ? (middle.get(id) ?? 0)
          : others.reduce((sum, each) => sum + each, 0) / others.length;
      });
      settle(boxes, wishes).forEach((x, i) => middle.set(boxes[i]?.id ?? "", x));
    }
  }
  return fromZero(layers, middle);
}

/** The places nearest to the wishes (least squares) that keep the order and the gaps: isotonic regression by pooling. */
export function settle(boxes: readonly Box[], wishes: readonly number[]): number[] {
  const offsets = offsetsOf(boxes);
  const pools: { value: number; weight: number; count: number }[] = [];
  for (const [i, box] of boxes.entries()) {
    const weight = box.isPassage ? PASSAGE_WEIGHT : 1;
    let pool = { value: (wishes[i] ?? 0) - (offsets[i] ?? 0), weight, count: 1 };
    for (let last = pools.at(-1); last && last.value > pool.value; last = pools.at(-1)) {
      const total = last.weight + pool.weight;
      pool = {
        value: (last.value * last.weight + pool.value * pool.weight) / total,
        weight: total,
        count: last.count + pool.count,
      };
      pools.pop();
    }
    pools.push(pool);
  }
  const values = pools.flatMap(({ value, count }) => Array.from({ length: count }, () => value));
  return values.map((value, i) => value + (offsets[i] ?? 0));
}

/** How far the middle of each box is from that of the first, packed tightly. */
function offsetsOf(boxes: readonly Box[]): number[] {
  const offsets: number[] = [];
  let x = 0;
  for (const [i, box] of boxes.entries()) {
    const before = boxes[i - 1];
    if (before) {
      const gap = before.isPassage || box.isPassage ? PASSAGE_GAP : GAP;
      x += before.width / 2 + gap + box.width / 2;
    }
    offsets.push(x);
  }
  return offsets;
}

function fromZero(layers: readonly (readonly Box[])[], middle: ReadonlyMap<string, number>): Map<string, number> {
  const left = Math.min(...layers.flat().map(({ id, width }) => (middle.get(id) ?? 0) - width / 2));
  return new Map([...middle].map(([id, x]) => [id, Math.round((x - left) * 10) / 10]));
}
