/** The way of one event: from what caused it to all that came of it, as a tree. */
import type { Hop } from "./hop.ts";
import { sessionOf } from "./recorder.ts";

/** Steps of one journey; an import of thousands of lines has more than anybody reads. */
const MOST = 400;
/** Steps that a text is looked for in, when it is no id. */
const MOST_FOUND = 20;

export interface Step {
  readonly hop: Hop;
  /** The request that a run answers. */
  readonly request: Hop | undefined;
  readonly depth: number;
  /** What it did beside handing something on. */
  readonly details: readonly Hop[];
}

export interface Journey {
  /** Parents before what they led to, siblings by time. */
  readonly steps: readonly Step[];
  readonly isCut: boolean;
}

/** The steps that belong to an id (of a trace, request, message, event, execution), or to a key or text that was handed on. */
export function journeyOf(hops: readonly Hop[], text: string): Journey {
  const index = new Index(hops);
  const seeds = index.seeds(text);
  const chosen = new Set<Hop>(seeds);
  climb(index, seeds, text, chosen);
  descend(index, seeds, chosen);
  const isCut = chosen.size > MOST && [...chosen].filter(({ kind }) => kind !== "detail").length > MOST;
  return { steps: layOut(index, [...chosen]).slice(0, MOST), isCut };
}

/** The latest steps that nothing else in the cloud had caused, newest first. */
export function beginnings(hops: readonly Hop[], most: number): Hop[] {
  const index = new Index(hops);
  const found: Hop[] = [];
  for (let i = hops.length - 1; i >= 0 && found.length < most; i--) {
    const hop = hops[i];
    if (!hop || hop.kind !== "call" || !isOutside(hop)) continue;
    if (index.causesOf(hop).length === 0 && !isUnheard(index, hop)) found.push(hop);
  }
  return found;
}

/** What services tell the default bus about all they do, and no rule wants. */
const isUnheard = (index: Index, hop: Hop): boolean =>
  isEvent(hop) && hop.by.endsWith(".amazonaws.com") && index.effectsOf(hop).length === 0;

/** By somebody at the keyboard, a schedule, an API, a mail: not by what runs in the cloud. */
const isOutside = ({ by }: Hop): boolean =>
  by === "account" ||
  by === "anonymous" ||
  (by.endsWith(".amazonaws.com") && !/^(s3|sns|lambda)\./.test(by)) ||
  by === "events";

const isEvent = ({ operation }: Hop): boolean => operation === "PutEvents";
/** EventBridge calls its targets as itself, or in a role. */
const isOfRule = ({ by }: Hop): boolean => by === "events.amazonaws.com" || by === "events";

class Index {
  readonly hops: readonly Hop[];
  readonly #makers = new Map<string, Hop[]>();
  readonly #readers = new Map<string, Hop[]>();
  readonly #traces = new Map<string, Hop[]>();
  readonly #executions = new Map<string, Hop>();
  /** By what a call was made, and the other way round. */
  readonly #runs = new Map<Hop, Hop>();
  readonly #calls = new Map<Hop, Hop[]>();

  constructor(hops: readonly Hop[]) {
    this.hops = hops;
    const runs = new Map<string, Hop[]>();
    for (const hop of hops) {
      if (hop.kind === "run") add(runs, runKey(hop.trace, hop.target.name), hop);
      for (const id of hop.produces) add(this.#makers, id, hop);
      for (const id of hop.mentions) add(this.#readers, id, hop);
      if (hop.trace !== undefined) add(this.#traces, hop.trace, hop);
      if (hop.target.kind === "execution") this.#executions.set(sessionOf(hop.target.name), hop);
    }
    for (const hop of hops) {
      const run = this.#findRun(hop, runs);
      if (!run) continue;
      this.#runs.set(hop, run);
      add(this.#calls, run, hop);
    }
  }

  seeds(text: string): Hop[] {
    const byId = [this.#traces, this.#makers, this.#readers].flatMap((map) => map.get(text) ?? []);
    const execution = this.#executions.get(sessionOf(text));
    if (execution?.target.name === text) byId.push(execution);
    if (byId.length > 0) return byId;
    const isNamed = ({ kind, says, content }: Hop) => kind !== "detail" && (says === text || content.includes(text));
    return this.hops.filter(isNamed).slice(-MOST_FOUND);
  }

  /** What made the ids that a step mentions, before it. */
  causesOf(hop: Hop, only?: string): Hop[] {
    const ids = only !== undefined && hop.mentions.has(only) ? [only] : [...hop.mentions];
    const isEarlier = ({ order }: Hop) => order < hop.order;
    const makers = ids.flatMap((id) => (this.#makers.get(id) ?? []).filter(isEarlier));
    if (!isOfRule(hop)) return makers;
    // A rule may hand on a part of the event, without its id.
    return [...makers, ...ids.flatMap((id) => (this.#readers.get(id) ?? []).filter(isEarlier).filter(isEvent))];
  }

  /** What mentions the ids that a step made. */
  effectsOf(hop: Hop): Hop[] {
    const readersOf = (id: string) => (this.#readers.get(id) ?? []).filter(({ order }) => order > hop.order);
    const readers = hop.produces.flatMap(readersOf);
    return isEvent(hop) ? [...readers, ...[...hop.mentions].flatMap(readersOf).filter(isOfRule)] : readers;
  }

  mates({ trace }: Hop): readonly Hop[] {
    return trace === undefined ? [] : (this.#traces.get(trace) ?? []);
  }

  /** The run or execution that made a call. */
  runOf(hop: Hop): Hop | undefined {
    return this.#runs.get(hop);
  }

  /** What a run or an execution called. */
  callsOf(run: Hop): readonly Hop[] {
    return this.#calls.get(run) ?? [];
  }

  #findRun(hop: Hop, runs: ReadonlyMap<string, readonly Hop[]>): Hop | undefined {
    if (hop.kind === "run") return undefined;
    const execution = this.#executions.get(hop.by);
    if (execution && execution.order < hop.order) return execution;
    // A run is known when it has ended: after its calls.
    return runs
      .get(runKey(hop.trace, hop.by))
      ?.find(
        ({ at, endedAt, order }) =>
          at <= hop.at && hop.at <= (endedAt ?? Number.POSITIVE_INFINITY) && order > hop.order,
      );
  }
}

const runKey = (trace: string | undefined, name: string): string => `${trace ?? ""} ${name}`;

/** Up from the seeds: what led to them, but nothing else that this led to. */
function climb(index: Index, seeds: readonly Hop[], text: string, chosen: Set<Hop>): void {
  const open = [...seeds];
  /** Up to when the steps of a trace have been taken. */
  const traces = new Map<string, number>();
  for (let hop = open.pop(); hop; hop = open.pop()) {
    const run = index.runOf(hop);
    const above = [...index.causesOf(hop, text), ...(run ? [run] : [])];
    const { order, trace = "" } = hop;
    if (above.length === 0 && order > (traces.get(trace) ?? 0)) {
      traces.set(trace, order);
      above.push(...index.mates(hop).filter((mate) => mate.kind !== "detail" && mate.order < order));
    }
    for (const cause of above) {
      if (chosen.has(cause)) continue;
      chosen.add(cause);
      open.push(cause);
    }
  }
}

/** Down from the seeds: all that came of them. */
function descend(index: Index, seeds: readonly Hop[], chosen: Set<Hop>): void {
  const open = [...seeds];
  const seen = new Set<Hop>(seeds);
  /** From when on the steps of a trace have been taken. */
  const traces = new Map<string, number>();
  for (let hop = open.pop(); hop && chosen.size < 10 * MOST; hop = open.pop()) {
    const { at, trace = "" } = hop;
    const isTaken = at >= (traces.get(trace) ?? Number.POSITIVE_INFINITY);
    const mates = isTaken ? [] : index.mates(hop).filter((mate) => mate.at >= at);
    if (!isTaken) traces.set(trace, at);
    for (const effect of [...index.effectsOf(hop), ...index.callsOf(hop), ...mates]) {
      chosen.add(effect);
      if (seen.has(effect)) continue;
      seen.add(effect);
      open.push(effect);
    }
  }
}

function layOut(index: Index, chosen: readonly Hop[]): Step[] {
  const all = new Set(chosen);
  const below = new Map<Hop | undefined, Hop[]>();
  const firstOf = new Map<string, Hop>();
  for (const hop of chosen) {
    const { trace = "", kind, order } = hop;
    if (kind === "call" && order < (firstOf.get(trace)?.order ?? Number.POSITIVE_INFINITY)) firstOf.set(trace, hop);
  }
  for (const hop of chosen) add(below, parentOf(index, hop, all, firstOf), hop);
  const steps: Step[] = [];
  const placed = new Set<Hop>();
  const place = (hops: readonly Hop[], depth: number): void => {
    for (const hop of [...hops].sort((a, b) => a.at - b.at || a.order - b.order)) {
      // A call of something unknown, and a loop of ids, which nothing should make.
      if (hop.kind === "detail" || placed.has(hop) || isUnheard(index, hop)) continue;
      placed.add(hop);
      const run = onlyRunOf(hop, below);
      if (run) placed.add(run);
      const children = [hop, ...(run ? [run] : [])].flatMap((each) => below.get(each) ?? []);
      const details = children.filter(({ kind }) => kind === "detail");
      steps.push(run ? { hop: run, request: hop, depth, details } : { hop, request: undefined, depth, details });
      place(children, depth + 1);
    }
  };
  place(below.get(undefined) ?? [], 0);
  return steps;
}

/** A request and the one run that answers it are one step; of several attempts each is shown. */
function onlyRunOf(request: Hop, below: ReadonlyMap<Hop | undefined, readonly Hop[]>): Hop | undefined {
  if (request.operation !== "Invoke") return undefined;
  const runs = (below.get(request) ?? []).filter(
    ({ kind, requestId }) => kind === "run" && requestId === request.requestId,
  );
  return runs.length === 1 ? runs[0] : undefined;
}

function parentOf(index: Index, hop: Hop, all: ReadonlySet<Hop>, firstOf: ReadonlyMap<string, Hop>): Hop | undefined {
  const run = index.runOf(hop);
  if (run && all.has(run)) return run;
  const causes = index.causesOf(hop).filter((cause) => all.has(cause) && cause.kind !== "detail");
  // The request itself before what its payload speaks of.
  const own = causes.find(({ requestId }) => requestId === hop.requestId);
  if (own) return own;
  const latest = causes.reduce<Hop | undefined>(
    (best, each) => (best && best.order > each.order ? best : each),
    undefined,
  );
  if (latest) return latest;
  const first = hop.trace === undefined ? undefined : firstOf.get(hop.trace);
  if (!first || first.order >= hop.order) return undefined;
  // Child executions of a Map are started without a call: they belong to the execution in which the trace began.
  const begun = index.runOf(first);
  return begun && all.has(begun) ? begun : first;
}

function add<K>(map: Map<K, Hop[]>, key: K, hop: Hop): void {
  const known = map.get(key);
  if (known) known.push(hop);
  else map.set(key, [hop]);
}
