/** Which layer of the drawing each state is in: after everything that leads to it, loops set aside. */

export interface Edge {
  readonly from: string;
  readonly to: string;
}

export interface Layered<E extends Edge> {
  readonly rank: ReadonlyMap<string, number>;
  /** Edges that lead back; they are drawn from the lower state up to the higher one. */
  readonly back: ReadonlySet<E>;
}

/** Layers by longest path from `start`. States that nothing leads to follow on the first layer. */
export function layer<E extends Edge>(ids: readonly string[], edges: readonly E[], start: string): Layered<E> {
  const leaving = Map.groupBy(edges, ({ from }) => from);
  const back = backEdges([start, ...ids], leaving);
  const forward = edges.filter((edge) => !back.has(edge));
  const arriving = Map.groupBy(forward, ({ to }) => to);
  const rank = new Map<string, number>();
  const place = (id: string): number => {
    const known = rank.get(id);
    if (known !== undefined) return known;
    const value = Math.max(-1, ...(arriving.get(id) ?? []).map(({ from }) => place(from))) + 1;
    rank.set(id, value);
    return value;
  };
  for (const id of ids) place(id);
  return { rank, back };
}

/** The edges that close a loop when the graph is walked depth first. */
function backEdges<E extends Edge>(ids: readonly string[], leaving: ReadonlyMap<string, readonly E[]>): Set<E> {
  const back = new Set<E>();
  const state = new Map<string, "open" | "done">();
  const visit = (id: string): void => {
    state.set(id, "open");
    for (const edge of leaving.get(id) ?? []) {
      const seen = state.get(edge.to);
      if (seen === "open") back.add(edge);
      else if (seen === undefined) visit(edge.to);
    }
    state.set(id, "done");
  };
  for (const id of ids) if (!state.has(id)) visit(id);
  return back;
}
