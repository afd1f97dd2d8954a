/** Log groups and their lines. */
import { allPages, type ConsoleContext } from "../context.ts";
import { badRequest, optional, required, type Routes } from "../route.ts";

/** Lines of one answer. */
const LINES = 400;
/** A line longer than this is cut; the page offers the rest. */
const LONGEST_LINE = 20_000;
/** How far back is looked for lines, in steps: most often the last minutes hold enough. */
const WINDOWS_MS = [600_000, 6 * 3_600_000, 7 * 86_400_000, Number.POSITIVE_INFINITY];

export interface LogLine {
  readonly id: string;
  readonly at: number;
  readonly stream: string;
  readonly text: string;
  /** Characters that were left out. */
  readonly cut: number;
}

export function logRoutes(context: ConsoleContext): Routes {
  return {
    "GET /groups": async () => ({ groups: await groups(context) }),
    "GET /logs": (ask) => lines(context, required(ask, "group"), criteria(ask.query)),

    "GET /line": async (ask) => {
      const at = Number(required(ask, "at"));
      const { events } = await page(context, required(ask, "group"), at, at + 1, undefined);
      return { text: events?.find(({ eventId }) => eventId === required(ask, "id"))?.message ?? "" };
    },

    "GET /follow": async (ask) => follow(context, required(ask, "text"), optional(ask, "group")),
  };
}

interface Criteria {
  readonly text: string | undefined;
  /** Only older lines than this moment (ms). */
  readonly before: number | undefined;
  /** Only lines of this moment (ms) or later. */
  readonly since: number | undefined;
}

function criteria(query: URLSearchParams): Criteria {
  const moment = (name: string): number | undefined => {
    const text = query.get(name);
    if (text === null || text === "") return undefined;
    const value = Number(text);
    if (!Number.isInteger(value) || value < 0) throw badRequest(`${name} must be a moment in milliseconds`);
    return value;
  };
  return {
    text: query.get("text")?.toLowerCase() || undefined,
    before: moment("before"),
    since: moment("since"),
  };
}

/** The newest lines that match, oldest first; `hasMore` when there are older ones. No lines for a group that is not there yet. */
async function lines(
  context: ConsoleContext,
  group: string,
  { text, before, since }: Criteria,
): Promise<{ readonly lines: readonly LogLine[]; readonly hasMore: boolean }> {
  const end = before ?? Number.MAX_SAFE_INTEGER;
  const newest = Math.min(end, context.cloud.clock.now() + 1);
  for (const window of WINDOWS_MS) {
    const start = Math.max(since ?? 0, window === Number.POSITIVE_INFINITY ? 0 : newest - window);
    const found = await within(context, group, start, end, text);
    if (found.length < LINES && start > (since ?? 0)) continue;
    return { lines: found.slice(-LINES), hasMore: found.length > LINES || start > (since ?? 0) };
  }
  return { lines: [], hasMore: false };
}

async function within(
  context: ConsoleContext,
  group: string,
  start: number,
  end: number,
  text: string | undefined,
): Promise<LogLine[]> {
  const found: LogLine[] = [];
  let token: string | undefined;
  do {
    const answer = await page(context, group, start, end, token);
    for (const { eventId = "", timestamp = 0, logStreamName = "", message = "" } of answer.events ?? []) {
      if (text !== undefined && !message.toLowerCase().includes(text)) continue;
      const line = message.trimEnd();
      const cut = Math.max(0, line.length - LONGEST_LINE);
      found.push({ id: eventId, at: timestamp, stream: logStreamName, text: line.slice(0, LONGEST_LINE), cut });
    }
    // Only the newest are wanted: what is far from the end need not be kept.
    if (found.length > 20 * LINES) found.splice(0, found.length - 2 * LINES);
    token = answer.nextToken;
  } while (token !== undefined);
  return found;
}

async function page(context: ConsoleContext, group: string, start: number, end: number, token: string | undefined) {
  try {
    return await context.read("logs", "FilterLogEvents", {
      logGroupName: group,
      startTime: start,
      ...(end < Number.MAX_SAFE_INTEGER && { endTime: end }),
      ...(token !== undefined && { nextToken: token }),
    });
  } catch (error) {
    if (error instanceof Error && error.name === "ResourceNotFoundException")
      return { events: [], nextToken: undefined };
    throw error;
  }
}

async function groups(context: ConsoleContext) {
  const owners = context.owners();
  const found = await allPages(async (token) => {
    const answer = await context.read("logs", "DescribeLogGroups", token === undefined ? {} : { nextToken: token });
    return { items: answer.logGroups ?? [], next: answer.nextToken };
  });
  return found.map(({ logGroupName = "", retentionInDays, storedBytes = 0 }) => ({
    name: logGroupName,
    retentionInDays,
    storedBytes,
    owner: owners.get(logGroupName),
  }));
}

/**
 * The way of one event: the lines that name an id (request, trace, correlation or message id, object key) in all groups, by time.
 */
async function follow(context: ConsoleContext, text: string, only: string | undefined) {
  const wanted = text.toLowerCase();
  const found: (LogLine & { readonly group: string })[] = [];
  let isCut = false;
  const names = only === undefined ? (await groups(context)).map(({ name }) => name) : [only];
  for (const group of names) {
    const answer = await lines(context, group, { text: wanted, before: undefined, since: undefined });
    isCut ||= answer.hasMore;
    for (const line of answer.lines) found.push({ ...line, group });
  }
  found.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return { lines: found.slice(-LINES), hasMore: isCut || found.length > LINES };
}
