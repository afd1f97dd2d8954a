/** A trace of an app as text, for its demo: the service map, and the timeline. Functions are called by their logical ids. */
import { BatchGetTracesCommand, GetTraceGraphCommand, XRayClient } from "@aws-sdk/client-xray";
import { type Look, mapText, timelineText } from "../services/xray/telling/text.ts";
import { type Timeline, timelineOf } from "../services/xray/telling/timeline.ts";
import type { LocalApp } from "./local-app.ts";

export interface TraceText {
  readonly map: readonly string[];
  readonly lines: readonly string[];
  readonly timeline: Timeline;
}

/** The app must have been deployed with `traces`. Throws when there is no such trace. */
export async function traceText(app: LocalApp, traceId: string, look: Look): Promise<TraceText> {
  const xray = app.client(XRayClient);
  const TraceIds = [traceId];
  const [{ Traces }, { Services = [] }] = await Promise.all([
    xray.send(new BatchGetTracesCommand({ TraceIds })),
    xray.send(new GetTraceGraphCommand({ TraceIds })),
  ]);
  const segments = Traces?.[0]?.Segments;
  if (!segments) throw new Error(`There is no trace ${traceId}`);
  const timeline = timelineOf(
    traceId,
    segments.map(({ Document = "" }) => Document),
  );
  const named = { ...look, name: (name: string) => app.logicalIdOf(name) ?? look.name?.(name) ?? name };
  return { map: mapText(Services, named), lines: timelineText(timeline, named), timeline };
}
