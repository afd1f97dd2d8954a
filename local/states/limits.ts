/** Time limits of a task: the whole of it, and the time between signs of life. */
import { heartbeatFailure, timeoutFailure } from "./failure.ts";
import type { Host } from "./host.ts";

interface Limits {
  readonly timeoutSeconds: number | undefined;
  readonly heartbeatSeconds: number | undefined;
}

/** Runs the work with a signal that is aborted, with the failure as its reason, when a limit is reached. */
export async function withinLimits<T>(
  host: Host,
  outer: AbortSignal,
  { timeoutSeconds, heartbeatSeconds }: Limits,
  work: (signal: AbortSignal, heartbeat: () => void) => Promise<T>,
): Promise<T> {
  if (timeoutSeconds === undefined && heartbeatSeconds === undefined) return work(outer, () => undefined);
  const limit = new AbortController();
  const done = new AbortController();
  let silence = new AbortController();
  const after = (seconds: number, signal: AbortSignal, reason: () => Error): void => {
    // The sleep ends early when the work is done or a heartbeat came: that is no error.
    host.sleep(seconds * 1000, signal).then(
      () => limit.abort(reason()),
      () => undefined,
    );
  };
  const listen = (): void => {
    silence.abort();
    silence = new AbortController();
    if (heartbeatSeconds !== undefined && !done.signal.aborted)
      after(heartbeatSeconds, AbortSignal.any([silence.signal, done.signal]), heartbeatFailure);
  };
  if (timeoutSeconds !== undefined) after(timeoutSeconds, done.signal, timeoutFailure);
  listen();
  try {
    return await work(AbortSignal.any([outer, limit.signal]), listen);
  } finally {
    done.abort();
  }
}
