/** A trace for terminals: the timeline as bars, the service map as a tree. */
import type { Edge, Service } from "@aws-sdk/client-xray";
import type { Outcome, Timeline } from "./timeline.ts";

export interface Look {
  /** Columns. */
  readonly width: number;
  /** How a name is shown; physical names are long. */
  name?(name: string): string;
  paint?(outcome: Outcome, text: string): string;
}

const MARKS: Readonly<Record<Outcome, string>> = { ok: " ", error: "!", throttle: "!", fault: "✗", open: "…" };
const LONGEST_NAME = 48;

export function timelineText({ rows, durationMs }: Timeline, look: Look): string[] {
  const names = rows.map(({ depth, name, kind }) => {
    const shown = look.name?.(name) ?? name;
    return clipped(`${" ".repeat(depth)}${shown}${kindOf(kind)}`, LONGEST_NAME);
  });
  const nameWidth = Math.max(0, ...names.map(({ length }) => length));
  const barWidth = Math.max(10, look.width - nameWidth - 14);
  return rows.flatMap(({ startMs, durationMs: own, outcome, reason }, index) => {
    const share = (ms: number): number => (durationMs === 0 ? 0 : Math.round((ms / durationMs) * (barWidth - 1)));
    const from = Math.min(barWidth - 1, share(startMs));
    const length = Math.max(1, Math.min(barWidth - from, share(startMs + own) - from));
    const bar = `${" ".repeat(from)}${(own === 0 ? "╷" : "▇").repeat(length)}`.padEnd(barWidth);
    const line = `${MARKS[outcome]} ${(names[index] ?? "").padEnd(nameWidth)} ${bar} ${timeOf(own).padStart(9)}`;
    const painted = look.paint?.(outcome, line) ?? line;
    return reason === undefined
      ? [painted]
      : [painted, `    ${clipped(reason.replaceAll(/\s+/g, " "), look.width - 4)}`];
  });
}

/** From the client on; a service that several call is drawn out once. */
export function mapText(services: readonly Service[], look: Look): string[] {
  const byId = new Map(services.map((service) => [service.ReferenceId, service]));
  const called = new Set(services.flatMap(({ Edges = [] }) => Edges.map(({ ReferenceId }) => ReferenceId)));
  const lines: string[] = [];
  const drawn = new Set<Service>();
  const draw = (service: Service, edge: Edge | undefined, before: string, branch: string, below: string): void => {
    const isAgain = drawn.has(service);
    drawn.add(service);
    const shown = service.Type === "client" ? "client" : (look.name?.(service.Name ?? "") ?? service.Name ?? "");
    const kind = service.Type === "client" ? "" : kindOf(service.Type ?? "");
    const { outcome, text } = callsOf(edge);
    const line = `${before}${branch}${shown}${kind}${text}${isAgain ? ", see above" : ""}`;
    lines.push(look.paint?.(outcome, line) ?? line);
    const edges = isAgain ? [] : (service.Edges ?? []);
    for (const [index, next] of edges.entries()) {
      const to = byId.get(next.ReferenceId);
      const isLast = index === edges.length - 1;
      if (to) draw(to, next, before + below, isLast ? "└─ " : "├─ ", isLast ? "   " : "│  ");
    }
  };
  for (const service of services) if (!called.has(service.ReferenceId)) draw(service, undefined, "", "", "");
  for (const service of services) if (!drawn.has(service)) draw(service, undefined, "", "", "");
  return lines;
}

function callsOf(edge: Edge | undefined): { outcome: Outcome; text: string } {
  const {
    TotalCount: count = 0,
    TotalResponseTime: time = 0,
    FaultStatistics: faults,
    ErrorStatistics: errors,
  } = edge?.SummaryStatistics ?? {};
  if (count === 0) return { outcome: "ok", text: "" };
  const failed = faults?.TotalCount ?? 0;
  const wrong = errors?.TotalCount ?? 0;
  const outcome = failed > 0 ? "fault" : wrong > 0 ? "error" : "ok";
  const bad = [...(failed > 0 ? [`${failed} faults`] : []), ...(wrong > 0 ? [`${wrong} errors`] : [])];
  const text = [`${count} ${count === 1 ? "call" : "calls"}`, `${timeOf((1000 * time) / count)} each`, ...bad].join(
    ", ",
  );
  return { outcome, text: `  ${text}` };
}

/** `AWS::Lambda::Function` as ` (Lambda::Function)`. */
const kindOf = (kind: string): string => (kind === "" ? "" : ` (${kind.replace(/^AWS::/, "")})`);

export const timeOf = (ms: number): string =>
  ms >= 60_000
    ? `${(ms / 60_000).toFixed(1)} min`
    : ms >= 1_000
      ? `${(ms / 1_000).toFixed(2)} s`
      : `${Math.round(ms)} ms`;

const clipped = (text: string, most: number): string => (text.length <= most ? text : `${text.slice(0, most - 1)}…`);
