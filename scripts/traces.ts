/** The traces of a running local cloud: the latest ones, or one as service map and timeline. */
import {
  BatchGetTracesCommand,
  GetTraceGraphCommand,
  GetTraceSummariesCommand,
  type Service,
  type TraceSummary,
  XRayClient,
} from "@aws-sdk/client-xray";
import { isTraceId } from "../local/core/trace-header.ts";
import { mapText, timelineText, timeOf } from "../local/services/xray/telling/text.ts";
import { type Outcome, type Timeline, timelineOf } from "../local/services/xray/telling/timeline.ts";
import { ENDPOINT_OPTION, endpointIn } from "./cli/ask-console.ts";
import { type Command, Misuse, wholeNumber } from "./cli/command.ts";
import { paint, table } from "./cli/terminal.ts";

const command: Command = {
  says: "Lists the latest traces of the local cloud that `npm start` keeps up, or shows one: who called whom, when, and what failed.",
  usage: "npm run traces [-- <trace id>] [--filter <expression>]",
  options: {
    filter: { type: "string", value: "expression", says: "an X-Ray filter expression, such as fault or duration > 1" },
    hours: { type: "string", value: "hours", says: "how far back, 1 to 24 (6)" },
    most: { type: "string", value: "count", says: "how many traces are listed, 1 to 100 (20)" },
    endpoint: ENDPOINT_OPTION,
    json: { type: "boolean", says: "JSON on stdout, nothing else" },
  },
  examples: [
    "npm run traces",
    `npm run traces -- --filter 'annotation.CorrelationId = "order-7"'`,
    "npm run traces -- 1-70e46a40-37c274d628a94520af6a2a5d",
  ],
  async run({ options, words: [id, ...rest] }) {
    if (rest.length > 0) throw new Misuse("Name one trace, or none");
    if (id !== undefined && !isTraceId(id))
      throw new Misuse(`${id} is no trace id, such as 1-70e46a40-37c274d628a94520af6a2a5d`);
    const endpoint = endpointIn(options["endpoint"]);
    const credentials = { accessKeyId: "local", secretAccessKey: "local" };
    const xray = new XRayClient({ endpoint, region: "us-east-1", credentials, maxAttempts: 1 });
    const asJson = options["json"] === true;
    try {
      if (id !== undefined) return await showOne(xray, id, asJson);
      const hours = wholeNumber("hours", options["hours"], 6, 1, 24);
      const most = wholeNumber("most", options["most"], 20, 1, 100);
      const filter = typeof options["filter"] === "string" ? options["filter"] : undefined;
      return await list(xray, { hours, most, filter }, asJson);
    } catch (error) {
      throw misuseOf(error, endpoint) ?? error;
    }
  },
};

export default command;

function misuseOf(error: unknown, endpoint: string): Misuse | undefined {
  if (!(error instanceof Error)) return undefined;
  if (error.name === "InvalidRequestException") return new Misuse(error.message);
  const isRefused = "code" in error && error.code === "ECONNREFUSED";
  return isRefused ? new Misuse(`There is no local cloud at ${endpoint}: npm start`) : undefined;
}

interface Wanted {
  readonly hours: number;
  readonly most: number;
  readonly filter: string | undefined;
}

async function list(xray: XRayClient, { hours, most, filter }: Wanted, asJson: boolean): Promise<number> {
  // The cloud's clock may have been set forward: traces are there until a minute after the clock of whoever asks, or of the cloud.
  const { ApproximateTime: now = new Date() } = await xray.send(
    new GetTraceSummariesCommand({ StartTime: new Date(0), EndTime: new Date(0) }),
  );
  const { TraceSummaries: found = [] } = await xray.send(
    new GetTraceSummariesCommand({
      StartTime: new Date(now.getTime() - hours * 3_600_000 + 1_000),
      EndTime: new Date(now.getTime() + 1_000),
      FilterExpression: filter,
    }),
  );
  const shown = found.slice(0, most);
  if (asJson) console.log(JSON.stringify({ traces: shown }, undefined, 2));
  else if (shown.length === 0) console.log(`no traces in the last ${hours} hours`);
  else console.log(table(["trace", "began", "took", "nodes", "", "entry"], shown.map(rowOf)));
  return 0;
}

function rowOf(summary: TraceSummary): string[] {
  const { Id = "", StartTime, Duration = 0, ServiceIds = [], EntryPoint, Http } = summary;
  const state = summary.HasFault ? paint("red", "fault") : summary.HasError ? paint("yellow", "error") : "ok";
  return [
    Id,
    StartTime?.toISOString().slice(11, 19) ?? "",
    timeOf(1_000 * Duration),
    String(ServiceIds.length),
    summary.IsPartial ? "open" : state,
    [EntryPoint?.Name ?? "", Http?.HttpMethod, Http?.HttpStatus].filter((part) => part !== undefined).join(" "),
  ];
}

async function showOne(xray: XRayClient, id: string, asJson: boolean): Promise<number> {
  const TraceIds = [id];
  const { Traces } = await xray.send(new BatchGetTracesCommand({ TraceIds }));
  const segments = Traces?.[0]?.Segments;
  if (!segments) {
    console.error(`There is no trace ${id}`);
    return 1;
  }
  const { Services = [] } = await xray.send(new GetTraceGraphCommand({ TraceIds }));
  const timeline = timelineOf(
    id,
    segments.map(({ Document = "" }) => Document),
  );
  if (asJson) console.log(JSON.stringify({ ...timeline, services: Services }, undefined, 2));
  else show(timeline, Services);
  return 0;
}

const COLOURS: Readonly<Partial<Record<Outcome, "red" | "yellow">>> = {
  fault: "red",
  error: "yellow",
  throttle: "yellow",
};

function show(timeline: Timeline, services: readonly Service[]): void {
  const look = {
    width: Math.max(80, process.stdout.columns ?? 110),
    paint: (outcome: Outcome, text: string) => {
      const colour = COLOURS[outcome];
      return colour === undefined ? text : paint(colour, text);
    },
  };
  const began = new Date(timeline.startedAt).toISOString();
  console.log(`${paint("bold", timeline.traceId)}  ${began}, ${timeOf(timeline.durationMs)}\n`);
  console.log(`${mapText(services, look).join("\n")}\n`);
  console.log(timelineText(timeline, look).join("\n"));
}
