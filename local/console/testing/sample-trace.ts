/** A trace as services tell it: a webhook that publishes an event, and a function that fails to handle it at first. */
import type { ConsoleCloud } from "./console-cloud.ts";

export const TRACE_ID = "1-70e46a40-0123456789abcdef01234567";
/** Names come from outside: they are text, whatever is in them. */
export const HOSTILE_NAME = "<img src=x onerror=owned=1>";

export async function sampleTrace(it: ConsoleCloud): Promise<void> {
  const now = it.cloud.clock.now() / 1_000;
  const part = (id: string, name: string, from: number, until: number, more: object = {}) => ({
    id: id.repeat(16),
    name,
    start_time: now + from,
    end_time: now + until,
    ...more,
  });
  const segment = (...[id, name, from, until, more]: Parameters<typeof part>) =>
    JSON.stringify({ trace_id: TRACE_ID, ...part(id, name, from, until, more) });
  const http = { request: { url: "https://a/Prod/", method: "POST" }, response: { status: 202 } };
  await it.call("xray", "PutTraceSegments", {
    TraceSegmentDocuments: [
      segment("a", "shop/Prod", 0, 0.1, { origin: "AWS::ApiGateway::Stage", http }),
      segment("b", "webhook", 0, 0.09, {
        origin: "AWS::Lambda::Function",
        parent_id: "a".repeat(16),
        subsegments: [part("c", "EventBridge", 0.01, 0.08, { namespace: "aws" })],
      }),
      segment("d", "Events", 0.05, 0.5, { origin: "AWS::Events", parent_id: "c".repeat(16) }),
      segment("e", HOSTILE_NAME, 0.1, 0.2, {
        origin: "AWS::Lambda::Function",
        parent_id: "d".repeat(16),
        fault: true,
        cause: { exceptions: [{ type: "TypeError", message: "no such order" }] },
      }),
      segment("f", HOSTILE_NAME, 0.3, 0.5, { origin: "AWS::Lambda::Function", parent_id: "d".repeat(16) }),
    ],
  });
}
