/** Traces: the latest ones, and one as service map and timeline. */
import { draw } from "../graph/layout.ts";
import { serviceMapOf } from "../graph/service-map.ts";
import { timelineOf } from "../../services/xray/telling/timeline.ts";
import { isTraceId } from "../../core/trace-header.ts";
import type { ConsoleContext, Owner } from "../context.ts";
import { badRequest, notFound, optional, required, type Routes } from "../route.ts";

const HOURS = 6;
const LONGEST_DOCUMENT = 20_000;

export function traceRoutes(context: ConsoleContext): Routes {
  const { cloud } = context;
  return {
    "GET /traces": async (ask) => {
      if (!cloud.isTracing) return { isCollecting: false, traces: [] };
      const now = cloud.clock.now();
      const filter = optional(ask, "filter");
      const { TraceSummaries = [] } = await context.read("xray", "GetTraceSummaries", {
        StartTime: new Date(now - HOURS * 3_600_000),
        EndTime: new Date(now + 60_000),
        ...(filter !== undefined && { FilterExpression: filter }),
      });
      return {
        isCollecting: true,
        traces: TraceSummaries.map((summary) => ({
          id: summary.Id,
          at: summary.StartTime,
          durationMs: 1_000 * (summary.Duration ?? 0),
          nodes: summary.ServiceIds?.length ?? 0,
          outcome: summary.IsPartial ? "open" : summary.HasFault ? "fault" : summary.HasError ? "error" : "ok",
          entry: summary.EntryPoint?.Name,
          method: summary.Http?.HttpMethod,
          status: summary.Http?.HttpStatus,
        })),
      };
    },

    "GET /trace": async (ask) => {
      const id = required(ask, "id");
      if (!isTraceId(id)) throw badRequest(`${id.slice(0, 50)} is no trace id`);
      const [{ Traces }, { Services = [] }] = await Promise.all([
        context.read("xray", "BatchGetTraces", { TraceIds: [id] }),
        context.read("xray", "GetTraceGraph", { TraceIds: [id] }),
      ]);
      const segments = Traces?.[0]?.Segments;
      if (!segments) throw notFound(`There is no trace ${id}`);
      const owners = context.owners();
      const shown = (name: string): string => shownAs(owners, name);
      const { graph, summaries, steps, idOf } = serviceMapOf(Services, shown);
      const documents = segments.map(({ Document = "" }) => Document);
      const timeline = timelineOf(id, documents);
      const texts = new Map(segments.map(({ Id = "", Document = "" }) => [Id, Document]));
      let node: string | undefined;
      return {
        ...timeline,
        rows: timeline.rows.map((row) => {
          // What stands below a segment belongs to its node.
          if (row.isSegment) node = idOf(row.name, row.kind);
          const document = texts.get(row.id);
          return { ...row, name: shown(row.name), node, document: document?.slice(0, LONGEST_DOCUMENT) };
        }),
        drawing: draw(graph),
        summaries,
        steps,
      };
    },
  };
}

function shownAs(owners: ReadonlyMap<string, Owner>, name: string): string {
  return owners.get(name)?.logicalId ?? name;
}
