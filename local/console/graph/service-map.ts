/** The service map of a trace, drawn as state machines are: the client at the top, whom it called below. */
import type { Service, ServiceStatistics } from "@aws-sdk/client-xray";
import { START, type StateGraph, type StateNode, type Step } from "./definition.ts";

/** How a node fared, as the page shows it at a state. */
export interface NodeSummary {
  readonly name: string;
  readonly outcome: "succeeded" | "caught" | "failed";
  readonly visits: number;
  readonly retries: 0;
}

export interface ServiceMap {
  readonly graph: StateGraph;
  readonly summaries: readonly NodeSummary[];
  /** By `from → to`. */
  readonly steps: Readonly<Record<string, number>>;
  /** The id in the drawing of a service, by its name and type. */
  readonly idOf: (name: string, type: string) => string | undefined;
}

/** `shown` is what a service is called: an app's own word for it rather than its physical name. */
export function serviceMapOf(services: readonly Service[], shown: (name: string) => string): ServiceMap {
  const ids = new Map<number | undefined, string>();
  const taken = new Set<string>();
  for (const { ReferenceId, Name = "", Type = "" } of services) {
    const name = Type === "client" ? START : shown(Name);
    // A function and the service that runs it have one name.
    const id = taken.has(name) ? `${name} (${Type.split("::").at(-1) ?? ReferenceId})` : name;
    taken.add(id);
    ids.set(ReferenceId, id);
  }
  const edges = services.flatMap(({ ReferenceId, Edges = [] }) =>
    Edges.map((edge) => ({ from: ids.get(ReferenceId) ?? "", to: ids.get(edge.ReferenceId) ?? "", edge })),
  );
  const nodes = services.map(({ ReferenceId, Type = "" }): StateNode => ({
    id: ids.get(ReferenceId) ?? "",
    type: Type === "client" ? "Start" : Type,
    says: Type === "client" ? "" : Type.replace(/^AWS::/, ""),
    inner: [],
  }));
  return {
    graph: {
      start: START,
      nodes,
      steps: edges.map(({ from, to, edge }): Step => ({
        from,
        to,
        kind: "next",
        label: timeOf(edge.SummaryStatistics),
      })),
    },
    summaries: services.flatMap(({ ReferenceId, SummaryStatistics }): NodeSummary[] => {
      const name = ids.get(ReferenceId) ?? "";
      if (name === START || !SummaryStatistics) return [];
      const { TotalCount: visits = 0, FaultStatistics: faults, ErrorStatistics: errors } = SummaryStatistics;
      const outcome = faults?.TotalCount ? "failed" : errors?.TotalCount ? "caught" : "succeeded";
      return [{ name, outcome, visits, retries: 0 }];
    }),
    steps: Object.fromEntries(
      edges.map(({ from, to, edge }) => [`${from} → ${to}`, edge.SummaryStatistics?.TotalCount ?? 0]),
    ),
    idOf: (name, type) => ids.get(services.find((each) => each.Name === name && each.Type === type)?.ReferenceId),
  };
}

function timeOf({ TotalCount: count = 0, TotalResponseTime: seconds = 0 }: ServiceStatistics = {}): string {
  if (count === 0) return "";
  const ms = Math.round((1_000 * seconds) / count);
  return ms < 10_000 ? `${ms} ms` : `${Math.round(ms / 1_000)} s`;
}
