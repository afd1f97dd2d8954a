/** One execution: its graph with what happened in each state, its events, and what can be done to it. */
import type { HistoryEvent } from "@aws-sdk/client-sfn";
import type { ConsoleContext } from "../context.ts";
import { drawingOf } from "../graph/drawings.ts";
import { detailsOf } from "../history/event-details.ts";
import { summarise } from "../history/states.ts";
import { tell, type Told, type Visit } from "../history/visits.ts";
import { SAFE_HEADERS } from "../guard.ts";
import { type Ask, badRequest, fieldsOf, notFound, optional, required, type Routes, Whole } from "../route.ts";

const EVENTS_PAGE = 100;
const VISITS_PAGE = 20;
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
      const told = await toldOf(executionArn, execution.status ?? "");
      const runs = await context.read("states", "ListMapRuns", { executionArn });
      return {
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
        drawing: drawingOf(machine.definition ?? "{}"),
        states: summarise(told),
        steps: Object.fromEntries(told.steps),
        mapRuns: (runs.mapRuns ?? []).map((run) => ({
          arn: run.mapRunArn,
          startedAt: run.startDate,
          stoppedAt: run.stopDate,
        })),
      };
    },

    "GET /execution/visits": async (ask) => {
      const arn = required(ask, "arn");
      const state = required(ask, "state");
      const skip = Number(optional(ask, "skip") ?? 0);
      const { status = "" } = await describe(arn);
      const visits = (await toldOf(arn, status)).visits.filter((visit) => visit.state === state).toReversed();
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

  async function visitOf(ask: Ask, arn: string): Promise<Visit> {
    const id = Number(required(ask, "visit"));
    const { status = "" } = await describe(arn);
    const visit = (await toldOf(arn, status)).visits.find((each) => each.id === id);
    if (!visit) throw notFound(`There is no visit ${id}`);
    return visit;
  }
}

/** Reads whole histories; the latest one is remembered, because a person looks at one execution for a while. */
function histories(context: ConsoleContext): (arn: string, status: string) => Promise<Told> {
  let latest: { readonly arn: string; readonly key: string; readonly told: Told } | undefined;
  return async (executionArn, status) => {
    const newest = await context.read("states", "GetExecutionHistory", {
      executionArn,
      maxResults: 1,
      reverseOrder: true,
      includeExecutionData: false,
    });
    const key = `${status} ${newest.events?.[0]?.id ?? 0}`;
    if (latest?.arn === executionArn && latest.key === key) return latest.told;
    const events: HistoryEvent[] = [];
    let nextToken: string | undefined;
    do {
      const page = await context.read("states", "GetExecutionHistory", {
        executionArn,
        maxResults: 1000,
        ...(nextToken && { nextToken }),
      });
      events.push(...(page.events ?? []));
      nextToken = page.nextToken;
    } while (nextToken !== undefined);
    const told = tell(events, status);
    latest = { arn: executionArn, key, told };
    return told;
  };
}

const describeVisit = (visit: Visit) => ({
  id: visit.id,
  type: visit.type,
  iteration: visit.iteration,
  outcome: visit.outcome,
  enteredAt: visit.enteredAt,
  exitedAt: visit.exitedAt,
  retries: Math.max(0, visit.attempts - 1),
  errors: visit.errors.slice(-20).map(({ at, error, cause }) => ({ at, error, cause: cause.slice(0, SHOWN) })),
  input: shortened(visit.input),
  output: shortened(visit.output),
});

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
