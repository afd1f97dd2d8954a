/** A graph of states drawn in layers from top to bottom; containers hold drawings of their own. Lengths are CSS pixels. */
import { END, START, type StateGraph, type StateNode, type Step, type StepKind } from "./definition.ts";
import { layer } from "./layers.ts";
import { type Box, type Link, order } from "./order.ts";
import { place } from "./place.ts";
import { type Corridor, pathOf } from "./path.ts";

export interface DrawnState {
  readonly id: string;
  readonly type: string;
  readonly says: string;
  /** Upper left corner. */
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** How many containers are around it. */
  readonly depth: number;
  readonly isContainer: boolean;
}

export interface DrawnStep {
  readonly from: string;
  readonly to: string;
  readonly kind: StepKind;
  readonly label: string;
  /** As in the `d` of an SVG path, with the arrow at its end. */
  readonly path: string;
  /** Middle of the label. */
  readonly labelX: number;
  readonly labelY: number;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  /** Containers before what they hold. */
  readonly states: readonly DrawnState[];
  readonly steps: readonly DrawnStep[];
}

const STATE_HEIGHT = 46;
const MARK_SIZE = 18;
const LAYER_GAP = 34;
/** Between states and the labels of their edges. */
const LABEL_GAP = 18;
const PADDING = 16;
const HEADER = 40;
const LABEL_HEIGHT = 16;
const LONGEST_LABEL = 30;
const NARROWEST = 132;
const WIDEST = 290;
/** Mean width of a character of the names (13 px, semi-bold) and of the labels (11 px). */
const NAME_CHARACTER = 8.2;
const LABEL_CHARACTER = 6.2;

export function draw(graph: StateGraph): Drawing {
  return drawLevel(graph, 0);
}

interface Sized {
  readonly node: StateNode;
  readonly width: number;
  readonly height: number;
  readonly inner: readonly Drawing[];
}

function drawLevel(graph: StateGraph, depth: number): Drawing {
  const sized = new Map(graph.nodes.map((node) => [node.id, sizeOf(node, depth)]));
  const steps = merged(graph.steps.filter(({ from, to }) => sized.has(from) && sized.has(to) && from !== to));
  const { rank, back } = layer([...sized.keys()], steps, graph.start);

  // States are on even layers; on the odd ones between them labels find their place.
  const boxes: Box[] = [...sized].map(([id, { width, height }]) => ({
    id,
    rank: 2 * (rank.get(id) ?? 0),
    width,
    height,
    isPassage: false,
  }));
  const links: Link[] = [];
  const chains = steps.map((step, index) => {
    const isBack = back.has(step);
    const [upper, lower] = isBack ? [step.to, step.from] : [step.from, step.to];
    const first = 2 * (rank.get(upper) ?? 0) + 1;
    const last = 2 * (rank.get(lower) ?? 0) - 1;
    const chain = [upper];
    for (let at = first; at <= last; at++) {
      const isLabel = step.label !== "" && at === (isBack ? last : first);
      const passage: Box = {
        id: ` ${index} ${at}`,
        rank: at,
        width: isLabel ? step.label.length * LABEL_CHARACTER + 12 : 10,
        height: isLabel ? LABEL_HEIGHT : 0,
        isPassage: true,
      };
      boxes.push(passage);
      chain.push(passage.id);
    }
    chain.push(lower);
    for (const [i, id] of chain.slice(1).entries()) links.push({ upper: chain[i] ?? "", lower: id });
    return { step, chain, isBack };
  });

  const byRank = Map.groupBy(boxes, (box) => box.rank);
  const ranks = [...byRank.keys()].sort((a, b) => a - b);
  const layers = order(
    ranks.map((each) => byRank.get(each) ?? []),
    links,
  );
  const middle = place(layers, links);
  const tops = topsOf(layers);
  const bounds = new Map(
    layers.flatMap((each, i) =>
      each.map((box) => {
        const { top, height } = tops[i] ?? { top: 0, height: 0 };
        const x = middle.get(box.id) ?? 0;
        // A passage runs through the whole layer, a state stands in its middle.
        const y = box.isPassage ? top : top + (height - box.height) / 2;
        const corridor: Corridor = {
          x,
          top: y,
          bottom: box.isPassage ? top + height : y + box.height,
          width: box.width,
        };
        return [box.id, corridor] as const;
      }),
    ),
  );
  const ports = portsOf(
    chains.map(({ chain }) => chain),
    middle,
    bounds,
  );
  const states: DrawnState[] = [];
  const inner: DrawnStep[] = [];
  for (const [id, { node, width, height, inner: drawings }] of sized) {
    const { x, top } = bounds.get(id) ?? { x: 0, top: 0 };
    const left = x - width / 2;
    const isContainer = drawings.length > 0;
    states.push({ id, type: node.type, says: node.says, x: left, y: top, width, height, depth, isContainer });
    let at = left + PADDING + (width - 2 * PADDING - innerWidth(drawings)) / 2;
    for (const drawing of drawings) {
      states.push(...drawing.states.map((state) => ({ ...state, x: state.x + at, y: state.y + top + HEADER })));
      inner.push(...drawing.steps.map((step) => moved(step, at, top + HEADER)));
      at += drawing.width + PADDING;
    }
  }
  const drawn = chains.map(({ step, chain, isBack }, index) => {
    const corridors = chain.map((id) => bounds.get(id) ?? { x: 0, top: 0, bottom: 0, width: 0 });
    const labelled = corridors[isBack ? corridors.length - 2 : 1];
    return {
      ...step,
      path: pathOf(corridors, ports[index] ?? [0, 0], isBack),
      labelX: labelled?.x ?? 0,
      labelY: ((labelled?.top ?? 0) + (labelled?.bottom ?? 0)) / 2,
    };
  });
  const lowest = tops.at(-1);
  return {
    width: Math.max(0, ...[...bounds.values()].map(({ x, width }) => x + width / 2)),
    height: lowest ? lowest.top + lowest.height : 0,
    states,
    steps: [...drawn, ...inner],
  };
}

function sizeOf(node: StateNode, depth: number): Sized {
  if (node.id === START || node.id === END) return { node, width: MARK_SIZE, height: MARK_SIZE, inner: [] };
  const named = Math.min(
    WIDEST,
    Math.max(NARROWEST, Math.max(node.id.length, node.says.length * 0.85) * NAME_CHARACTER + 64),
  );
  const inner = node.inner.map((graph) => drawLevel(graph, depth + 1));
  if (inner.length === 0) return { node, width: named, height: STATE_HEIGHT, inner };
  return {
    node,
    width: Math.max(named, innerWidth(inner) + 2 * PADDING),
    height: HEADER + Math.max(...inner.map(({ height }) => height)) + PADDING,
    inner,
  };
}

const innerWidth = (drawings: readonly Drawing[]): number =>
  drawings.reduce((sum, { width }) => sum + width, 0) + PADDING * Math.max(0, drawings.length - 1);

/** Several rules that lead to the same state are one line. */
function merged(steps: readonly Step[]): Step[] {
  const groups = Map.groupBy(steps, ({ from, to, kind }) => `${from}\n${to}\n${kind === "catch" ? "catch" : ""}`);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const label = group.flatMap((step) => (step.label === "" ? [] : [step.label])).join(" · ");
    return [{ ...first, label: label.length > LONGEST_LABEL ? `${label.slice(0, LONGEST_LABEL - 1)}…` : label }];
  });
}

/** Layers of labels lie in the gap between states, which grows where there are labels. */
function topsOf(layers: readonly (readonly Box[])[]): { readonly top: number; readonly height: number }[] {
  let top = 0;
  return layers.map((boxes, i) => {
    const height = Math.max(0, ...boxes.map((box) => box.height));
    if (i > 0) top += height === 0 || isLabelFree(layers[i - 1]) ? LAYER_GAP / 2 : LABEL_GAP;
    const placed = { top, height };
    top += height;
    return placed;
  });
}

const isLabelFree = (boxes: readonly Box[] = []): boolean => boxes.every(({ height }) => height === 0);

/** Where along a state's border its edges begin and end: spread in the order in which they leave. Distances from the middle. */
function portsOf(
  chains: readonly (readonly string[])[],
  middle: ReadonlyMap<string, number>,
  bounds: ReadonlyMap<string, Corridor>,
): (readonly [number, number])[] {
  const offsets = chains.map((): [number, number] => [0, 0]);
  for (const end of [0, 1] as const) {
    const groups = Map.groupBy(chains.keys(), (i) => chains[i]?.at(end === 0 ? 0 : -1) ?? "");
    for (const [id, indices] of groups) {
      const toward = (i: number) => middle.get(chains[i]?.at(end === 0 ? 1 : -2) ?? "") ?? 0;
      const sorted = indices.sort((a, b) => toward(a) - toward(b));
      const room = Math.min((bounds.get(id)?.width ?? 0) * 0.6, 40 * (sorted.length - 1));
      sorted.forEach((i, position) => {
        const pair = offsets[i];
        if (pair && sorted.length > 1) pair[end] = (position / (sorted.length - 1) - 0.5) * room;
      });
    }
  }
  return offsets;
}

function moved(step: DrawnStep, x: number, y: number): DrawnStep {
  let isY = false;
  // The path has only absolute commands with pairs of coordinates.
  const path = step.path.replace(/-?\d+(\.\d+)?/g, (text) => {
    const value = Number(text) + (isY ? y : x);
    isY = !isY;
    return String(Math.round(value * 10) / 10);
  });
  return { ...step, path, labelX: step.labelX + x, labelY: step.labelY + y };
}
