/** The lines that Lambda itself writes around an invocation, as text or JSON ("Lambda Telemetry API Event schema reference"). */
import type { FunctionSpec, InvocationRequest, LogEvent } from "../function-spec.ts";
import type { Failure } from "../worker/protocol.ts";

export interface Report {
  readonly startedAt: number;
  readonly endedAt: number;
  readonly durationMs: number;
  readonly initMs: number | undefined;
  readonly memoryMb: number;
  readonly failure: Failure | undefined;
  readonly isTimeout: boolean;
}

/** Levels at which the system log keeps start and report. */
const QUIET_SYSTEM = new Set(["WARN"]);

/** Puts START before and END and REPORT behind what the function has written. */
export function surround(
  spec: FunctionSpec,
  request: InvocationRequest,
  lines: readonly LogEvent[],
  report: Report,
): LogEvent[] {
  return spec.logging.format === "JSON"
    ? json(spec, request, lines, report)
    : text(spec, request.requestId, lines, report, request.traceId);
}

function text(
  spec: FunctionSpec,
  requestId: string,
  lines: readonly LogEvent[],
  report: Report,
  traceId: string,
): LogEvent[] {
  const { startedAt, endedAt, durationMs, initMs, failure } = report;
  const fields = [
    `REPORT RequestId: ${requestId}`,
    `Duration: ${durationMs.toFixed(2)} ms`,
    `Billed Duration: ${Math.ceil(durationMs + (initMs ?? 0))} ms`,
    `Memory Size: ${spec.memoryMb} MB`,
    `Max Memory Used: ${report.memoryMb} MB`,
    ...(initMs === undefined ? [] : [`Init Duration: ${initMs.toFixed(2)} ms`]),
    ...statusFields(report),
  ];
  const root = /Root=([^;]+)/.exec(traceId)?.[1];
  const trace = spec.isTraced && root !== undefined ? `\nXRAY TraceId: ${root}\tSampled: true\t` : "";
  const ending: LogEvent[] = [];
  if (failure && isPlatformFailure(failure)) {
    const message = failure.errorMessage.replace(/^RequestId: \S+ (Error: )?/, "");
    const at = new Date(endedAt).toISOString();
    ending.push({ at: endedAt, text: report.isTimeout ? `${at} ${requestId} ${message}` : failure.errorMessage });
  }
  return [
    { at: startedAt, text: `START RequestId: ${requestId} Version: ${spec.version}` },
    ...lines,
    ...ending,
    { at: endedAt, text: `END RequestId: ${requestId}` },
    { at: endedAt, text: `${fields.join("\t")}\t${trace}` },
  ];
}

/** Timeouts and ended processes: the function had no chance to log them. */
const isPlatformFailure = ({ errorType }: Failure): boolean =>
  errorType === "Sandbox.Timedout" || errorType === "Runtime.ExitError" || errorType === "Runtime.OutOfMemory";

function statusFields({ failure, isTimeout }: Report): string[] {
  if (isTimeout) return ["Status: timeout"];
  return failure && isPlatformFailure(failure) ? ["Status: error", `Error Type: ${failure.errorType}`] : [];
}

function json(
  spec: FunctionSpec,
  { requestId }: InvocationRequest,
  lines: readonly LogEvent[],
  report: Report,
): LogEvent[] {
  if (QUIET_SYSTEM.has(spec.logging.systemLevel ?? "INFO") && report.failure === undefined) return [...lines];
  const event = (at: number, type: string, record: object): LogEvent => ({
    at,
    text: JSON.stringify({ time: new Date(at).toISOString(), type, record }),
  });
  const metrics = {
    durationMs: Number(report.durationMs.toFixed(3)),
    billedDurationMs: Math.ceil(report.durationMs + (report.initMs ?? 0)),
    memorySizeMB: spec.memoryMb,
    maxMemoryUsedMB: report.memoryMb,
    ...(report.initMs !== undefined && { initDurationMs: Number(report.initMs.toFixed(3)) }),
  };
  const status = report.isTimeout ? "timeout" : report.failure ? "error" : "success";
  const errorType = report.failure && { errorType: report.failure.errorType };
  return [
    event(report.startedAt, "platform.start", { requestId, version: spec.version }),
    ...lines,
    event(report.endedAt, "platform.report", { requestId, metrics, status, ...errorType }),
  ];
}
