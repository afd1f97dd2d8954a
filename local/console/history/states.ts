/** The visits of an execution put together by state: what the graph shows. */
import type { Items, Outcome, Told, Visit } from "./visits.ts";

export interface StateSummary {
  readonly name: string;
  readonly type: string;
  /** Of the latest visit; within a Map of all rounds of its latest visit, the worst first. */
  readonly outcome: Outcome;
  readonly visits: number;
  readonly counts: Readonly<Partial<Record<Outcome, number>>>;
  /** Attempts beyond the first of each visit. */
  readonly retries: number;
  /** Of a Map: how far its latest visit is. */
  readonly items: Pick<Items, "total" | "succeeded" | "failed"> | undefined;
  /** Of a distributed Map: ARN of its latest run. */
  readonly mapRun: string | undefined;
  /** Milliseconds of the latest visit that has ended. */
  readonly durationMs: number | undefined;
  readonly error: string | undefined;
}

const WORST_FIRST: readonly Outcome[] = ["running", "failed", "timed-out", "aborted", "caught", "succeeded"];

export function summarise({ visits }: Told): StateSummary[] {
  const byState = new Map<string, Visit[]>();
  for (const visit of visits) {
    const known = byState.get(visit.state);
    if (known) known.push(visit);
    else byState.set(visit.state, [visit]);
  }
  return [...byState].map(([name, all]) => summary(name, all));
}

function summary(name: string, visits: readonly Visit[]): StateSummary {
  const latest = visits.at(-1);
  const relevant =
    latest?.iteration === undefined ? visits.slice(-1) : visits.filter(({ parent }) => parent === latest.parent);
  const counts: Partial<Record<Outcome, number>> = {};
  for (const { outcome } of visits) counts[outcome] = (counts[outcome] ?? 0) + 1;
  const ended = visits.findLast(({ exitedAt }) => exitedAt !== undefined);
  return {
    name,
    type: latest?.type ?? "",
    outcome: WORST_FIRST.find((outcome) => relevant.some((visit) => visit.outcome === outcome)) ?? "succeeded",
    visits: visits.length,
    counts,
    retries: visits.reduce((sum, { attempts }) => sum + Math.max(0, attempts.length - 1), 0),
    items: latest?.items,
    mapRun: latest?.started.findLast((arn) => arn.includes(":mapRun:")),
    durationMs: ended?.exitedAt === undefined ? undefined : ended.exitedAt - ended.enteredAt,
    error: visits.findLast(({ errors }) => errors.length > 0)?.errors.at(-1)?.error,
  };
}
