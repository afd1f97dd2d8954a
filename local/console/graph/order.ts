/** The order of the boxes within each layer, so that few edges cross. */

/** A box of the drawing: a state, or a place that a long edge passes through. */
export interface Box {
  readonly id: string;
  readonly rank: number;
  readonly width: number;
  readonly height: number;
  /** A place on an edge keeps its edge straight before anything else. */
  readonly isPassage: boolean;
}

/** Between boxes of neighbouring layers, from the upper to the lower one. */
export interface Link {
  readonly upper: string;
  readonly lower: string;
}

const SWEEPS = 12;

/** Sorts the layers by the mean position of the neighbours, down and up again, and answers the order with the fewest crossings. */
export function order(layers: readonly (readonly Box[])[], links: readonly Link[]): Box[][] {
  const above = neighbours(links, "lower", "upper");
  const below = neighbours(links, "upper", "lower");
  let current = layers.map((boxes) => [...boxes]);
  let best = current;
  let fewest = crossings(current, below);
  for (let sweep = 0; sweep < SWEEPS && fewest > 0; sweep++) {
    const isDown = sweep % 2 === 0;
    current = sorted(current, isDown ? above : below, isDown);
    const count = crossings(current, below);
    if (count < fewest) {
      fewest = count;
      best = current;
    }
  }
  return best.map((boxes) => [...boxes]);
}

export function neighbours(links: readonly Link[], of: keyof Link, to: keyof Link): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const link of links) {
    const known = found.get(link[of]);
    if (known) known.push(link[to]);
    else found.set(link[of], [link[to]]);
  }
  return found;
}

function sorted(layers: Box[][], beside: ReadonlyMap<string, readonly string[]>, isDown: boolean): Box[][] {
  const result = layers.map((boxes) => [...boxes]);
  const position = new Map(result.flatMap((boxes) => boxes.map(({ id }, i) => [id, i] as const)));
  const indices = result.map((_, i) => i);
  for (const i of isDown ? indices : indices.reverse()) {
    const boxes = result[i] ?? [];
    const wish = new Map(
      boxes.map(({ id }, own) => {
        const others = (beside.get(id) ?? []).map((other) => position.get(other) ?? 0);
        return [id, others.length === 0 ? own : others.reduce((sum, each) => sum + each, 0) / others.length] as const;
      }),
    );
    boxes.sort((a, b) => (wish.get(a.id) ?? 0) - (wish.get(b.id) ?? 0));
    boxes.forEach(({ id }, own) => position.set(id, own));
  }
  return result;
}

function crossings(layers: readonly (readonly Box[])[], below: ReadonlyMap<string, readonly string[]>): number {
  const position = new Map(layers.flatMap((boxes) => boxes.map(({ id }, i) => [id, i] as const)));
  let count = 0;
  for (const boxes of layers) {
    const pairs = boxes.flatMap(({ id }, own) =>
      (below.get(id) ?? []).map((to) => [own, position.get(to) ?? 0] as const),
    );
    for (const [i, [a, b]] of pairs.entries())
      for (const [c, d] of pairs.slice(i + 1)) if ((a - c) * (b - d) < 0) count++;
  }
  return count;
}
