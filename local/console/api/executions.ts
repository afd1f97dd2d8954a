/** One execution: its graph with what happened in each state, its events, and what can be done to it. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { ConsoleContext } from "../context.ts";
import { drawingOf } from "../graph/drawings.ts";
import { detailsOf } from "../history/event-details.ts";
import { summarise } from "../history/states.ts";
import { type Attempt, Telling, type Told, type Visit } from "../history/visits.ts";
import { SAFE_HEADERS } from "../guard.ts";
import { type Ask, badRequest, fieldsOf, notFound, optional, required, type Routes, Whole } from "../route.ts";

const EVENTS_PAGE = 100;
const VISITS_PAGE = 20;
/** Attempts and errors of one visit. */
const ATTEMPTS = 20;
/** What is shown of an input or output; the rest can be asked for. */
const SHOWN = 16_000;

export function executionRoutes(context: ConsoleContext): Routes {
  const toldOf = histories(context);
  const describe = (arn: string) => context.read("states", "DescribeExecution", { executionArn: arn });

  return {
    "GET /execution": async (ask) => {
      const executionArn = required(ask, "arn");
      const execution = await describe(executionArn);
      const machine = await context.read("states", "DescribeStateMachineForExecution", { executionArn });
      const { told, key: read } = await toldOf(executionArn, execution.status ?? "");
      const runs = await mapRuns(executionArn);
      const key = [read, ...runs.map(({ items: { succeeded, failed } }) => `${succeeded}/${failed}`)].join(" ");
      if (optional(ask, "known") === key) return { key, isSame: true };
      const itemsOf = new Map(runs.map(({ arn, items }) => [arn, items]));
      return {
        key,
        arn: executionArn,
        name: execution.name,
        machine: execution.stateMachineArn,
        owner: context.owners().get(execution.stateMachineArn ?? ""),
        status: execution.status,
        startedAt: execution.startDate,
        stoppedAt: execution.stopDate,
        input: shortened(execution.input),
        output: shortened(execution.output),
        error: execution.error,
        cause: execution.cause,
        trace: execution.traceHeader,
        mapRun: execution.mapRunArn,
        redrives: execution.redriveCount,
        isRedrivable: execution.redriveStatus === "REDRIVABLE",
        redriveReason: execution.redriveStatusReason,
        // It stays the same: only who has none is told.
        drawing: optional(ask, "known") === undefined ? drawingOf(machine.definition ?? "{}") : undefined,
        states: summarise(told).map((state) => ({ ...state, items: state.items ?? itemsOf.get(state.mapRun ?? "") })),
        steps: Object.fromEntries(told.steps),
        mapRuns: runs,
      };
    },

    "GET /execution/visits": async (ask) => {
      const arn = required(ask, "arn");
      const state = required(ask, "state");
      const skip = Number(optional(ask, "skip") ?? 0);
      const { status = "" } = await describe(arn);
      const visits = (await toldOf(arn, status)).told.visits.filter((visit) => visit.state === state).toReversed();
      return { visits: visits.slice(skip, skip + VISITS_PAGE).map(describeVisit), total: visits.length };
    },

    "GET /execution/events": async (ask) => {
      const token = optional(ask, "token");
      const { events = [], nextToken } = await context.read("states", "GetExecutionHistory", {
        executionArn: required(ask, "arn"),
        maxResults: EVENTS_PAGE,
        reverseOrder: ask.query.get("newest") === "1",
        ...(token && { nextToken: token }),
      });
      return { events: events.map(describeEvent), token: nextToken };
    },

    /** A whole input or output, however long. */
    "GET /execution/data": async (ask) => {
      const arn = required(ask, "arn");
      const part = required(ask, "part");
      if (part !== "input" && part !== "output") throw badRequest("part is input or output");
      const text = optional(ask, "visit") === undefined ? (await describe(arn))[part] : (await visitOf(ask, arn))[part];
      const headers = { ...SAFE_HEADERS, "content-type": "text/plain; charset=utf-8" };
      return new Whole({ status: 200, headers, body: text ?? "" });
    },

    "POST /execution/stop": async (ask) => {
      await context.act("states", "StopExecution", {
        executionArn: fieldsOf(ask).text("arn"),
        cause: "Stopped in the console",
      });
      return {};
    },

    "POST /execution/redrive": async (ask) => {
      await context.act("states", "RedriveExecution", { executionArn: fieldsOf(ask).text("arn") });
      return {};
    },
  };

  /** Distributed Maps, with how far they are. */
  async function mapRuns(executionArn: string) {
    const { mapRuns: found = [] } = await context.read("states", "ListMapRuns", { executionArn });
    const described = [];
    for (const { mapRunArn: arn = "" } of found) {
      const { itemCounts } = await context.read("states", "DescribeMapRun", { mapRunArn: arn });
      const { total = 0, succeeded = 0, failed = 0, timedOut = 0, aborted = 0 } = itemCounts ?? {};
      described.push({ arn, items: { total, succeeded, failed: failed + timedOut + aborted } });
    }
    return described;
  }

  async function visitOf(ask: Ask, arn: string): Promise<Visit> {
    const id = Number(required(ask, "visit"));
    const { status = "" } = await describe(arn);
    const visit = (await toldOf(arn, status)).told.visits.find((each) => each.id === id);
    if (!visit) throw notFound(`There is no visit ${id}`);
    return visit;
  }
}

/** Reads histories as they grow; the latest one is remembered, because a person looks at one execution for a while. */
function histories(context: ConsoleContext): (arn: string, status: string) => Promise<Read> {
  let latest: { readonly arn: string; readonly telling: Telling; lastId: number; status: string } | undefined;
  const newestOf = async (executionArn: string): Promise<number> => {
    const { events = [] } = await context.read("states", "GetExecutionHistory", {
      executionArn,
      maxResults: 1,
      reverseOrder: true,
      includeExecutionData: false,
    });
    return events[0]?.id ?? 0;
  };
  return async (executionArn, status) => {
    const newest = await newestOf(executionArn);
    // What had ended was told as ended: a redriven execution is told anew.
    const isOver = latest !== undefined && latest.status !== "RUNNING" && latest.status !== status;
    if (latest?.arn !== executionArn || isOver || newest < latest.lastId)
      latest = { arn: executionArn, telling: new Telling(), lastId: 0, status };
    const own = latest;
    for (const event of await eventsAfter(context, executionArn, own.lastId, newest)) {
      // Two pages may have asked at once.
      if ((event.id ?? 0) <= own.lastId) continue;
      own.telling.add(event);
      own.lastId = event.id ?? own.lastId;
    }
    own.status = status;
    own.telling.end(status);
    return { told: own.telling, key: `${status} ${own.lastId}` };
  };
}

interface Read {
  readonly told: Told;
  /** Changes when there is more to tell. */
  readonly key: string;
}

/** The events of a history with ids above `after`, oldest first: what came since is read from its end. */
async function eventsAfter(
  context: ConsoleContext,
  executionArn: string,
  after: number,
  newest: number,
): Promise<HistoryEvent[]> {
  const found: HistoryEvent[] = [];
  let nextToken: string | undefined;
  while (found.length < newest - after) {
    const page = await context.read("states", "GetExecutionHistory", {
      executionArn,
      reverseOrder: true,
      maxResults: Math.min(1000, newest - after - found.length),
      ...(nextToken && { nextToken }),
    });
    const events = (page.events ?? []).filter(({ id = 0 }) => id > after);
    found.push(...events);
    nextToken = page.nextToken;
    if (nextToken === undefined || events.length === 0) break;
  }
  return found.toReversed();
}

const describeVisit = (visit: Visit) => ({
  id: visit.id,
  type: visit.type,
  iteration: visit.iteration,
  outcome: visit.outcome,
  enteredAt: visit.enteredAt,
  exitedAt: visit.exitedAt,
  attempts: visit.attempts.map(describeAttempt).slice(-ATTEMPTS),
  retries: Math.max(0, visit.attempts.length - 1),
  items: visit.items,
  started: visit.started,
  errors: visit.errors.slice(-ATTEMPTS).map(({ at, error, cause }) => ({ at, error, cause: cause.slice(0, SHOWN) })),
  input: shortened(visit.input),
  output: shortened(visit.output),
});

/** With the wait before it. */
const describeAttempt = ({ at, endedAt, error }: Attempt, i: number, all: readonly Attempt[]) => {
  const before = all[i - 1]?.endedAt;
  return {
    number: i + 1,
    at,
    endedAt,
    waitedMs: before === undefined ? undefined : at - before,
    error: error?.error,
    cause: error?.cause.slice(0, SHOWN),
  };
};

function describeEvent(event: HistoryEvent) {
  const details = detailsOf(event);
  return {
    id: event.id,
    previous: event.previousEventId,
    at: event.timestamp,
    type: event.type,
    name: details.name ?? details.resource,
    error: details.error,
    details: JSON.stringify(details).slice(0, 2_000),
  };
}

function shortened(text: string | undefined): { readonly text: string; readonly cut: number } | undefined {
  if (text === undefined) return undefined;
  const whole = text.length > SHOWN ? text : pretty(text);
  return { text: whole.slice(0, SHOWN), cut: Math.max(0, whole.length - SHOWN) };
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), undefined, 2);
  } catch {
    return text;
  }
}
