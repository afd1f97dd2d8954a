/** What the X-Ray daemon is on AWS: takes what services and functions have recorded, and hands it to X-Ray as who they are. */
import type { Cloud } from "../../core/cloud.ts";
import { isServiceError } from "../../core/errors.ts";
import type { Principal } from "../../core/principal.ts";
import { MOST_DOCUMENTS } from "./put-trace-segments.ts";

const MOST_ATTEMPTS = 6;

export function collect(cloud: Cloud): void {
  const warned = new Set<string>();
  cloud.signals.on("xray.segments", ({ documents, as }) => {
    for (let from = 0; from < documents.length; from += MOST_DOCUMENTS) {
      const batch = documents.slice(from, from + MOST_DOCUMENTS);
      cloud.clock.background("segments of a trace", () => send(cloud, batch, as, warned));
    }
  });
}

/** Tries again, longer apart each time, unless it is not allowed. Segments that X-Ray refuses are lost, and said so. */
async function send(cloud: Cloud, documents: readonly string[], as: Principal, warned: Set<string>): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      const input = { TraceSegmentDocuments: [...documents] };
      const { UnprocessedTraceSegments = [] } = await cloud.call("xray", "PutTraceSegments", input, as);
      for (const { Id, Message } of UnprocessedTraceSegments) cloud.log.warn(`X-Ray, ${Id ?? "?"}: ${Message ?? ""}`);
      return;
    } catch (error) {
      const isDenied = isServiceError(error) && error.name === "AccessDeniedException";
      if (!isDenied && attempt < MOST_ATTEMPTS) {
        await cloud.clock.sleep(250 * 2 ** attempt);
        continue;
      }
      const message = `Segments of a trace are lost: ${error instanceof Error ? error.message : String(error)}`;
      if (!warned.has(message)) cloud.log.warn(message);
      warned.add(message);
      return;
    }
  }
}
