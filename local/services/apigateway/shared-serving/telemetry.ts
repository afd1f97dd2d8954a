/** What is written down of every request: metrics of the API, and the access log of the stage. */
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import { type Answer, contextValue, type Exchange, setContext } from "./context.ts";

export interface Telemetry {
  /** Names of client and server error metrics: HTTP APIs write `4xx`, REST APIs `4XXError`. */
  readonly errorMetrics: readonly [client: string, server: string];
  readonly dimensions: readonly { readonly Name: string; readonly Value: string }[][];
  readonly accessLog: { readonly destinationArn: string; readonly format: string } | undefined;
}

/** Completes the `$context` and writes log and metrics in the background: the caller's answer never waits for them. */
export function record(exchange: Exchange, answer: Answer, telemetry: Telemetry): void {
  const { cloud, context, startedAt } = exchange;
  const latency = cloud.clock.now() - startedAt;
  context["status"] = answer.status;
  context["responseLatency"] = latency;
  context["responseLength"] = Buffer.byteLength(answer.body ?? "");
  context["dataProcessed"] = exchange.request.body.length + Number(context["responseLength"]);
  cloud.clock.background("metrics of an API", () => writeMetrics(exchange, answer.status, latency, telemetry));
  const log = telemetry.accessLog;
  if (log)
    cloud.clock.background("access log of an API", () =>
      writeLog(exchange, log.destinationArn, renderLog(context, log.format)),
    );
}

/** `$context.identity.sourceIp` in the format becomes its value, or `-` when it has none. */
export const renderLog = (context: unknown, format: string): string =>
  format.replace(/\$context\.([\w.:-]*\w)/g, (_, name: string) => {
    const value = contextValue(context, name);
    if (value === undefined || value === null || value === "") return "-";
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });

async function writeMetrics(exchange: Exchange, status: number, latency: number, telemetry: Telemetry): Promise<void> {
  const [client, server] = telemetry.errorMetrics;
  const integration = contextValue(exchange.context, "integrationLatency");
  const values: readonly (readonly [name: string, value: number, unit: "Count" | "Milliseconds"])[] = [
    ["Count", 1, "Count"],
    [client, status >= 400 && status < 500 ? 1 : 0, "Count"],
    [server, status >= 500 ? 1 : 0, "Count"],
    ["Latency", latency, "Milliseconds"],
    ...(typeof integration === "number" ? [["IntegrationLatency", integration, "Milliseconds"] as const] : []),
  ];
  const Timestamp = new Date(exchange.cloud.clock.now());
  const MetricData = telemetry.dimensions.flatMap((dimensions) =>
    values.map(([MetricName, Value, Unit]) => ({
      MetricName,
      Value,
      Unit,
      Timestamp,
      Dimensions: dimensions.map((dimension) => ({ ...dimension })),
    })),
  );
  await exchange.cloud.call("cloudwatch", "PutMetricData", { Namespace: "AWS/ApiGateway", MetricData }, ACCOUNT);
}

async function writeLog({ cloud, stage, apiId }: Exchange, destinationArn: string, message: string): Promise<void> {
  const logGroupName = destinationArn.split(":log-group:")[1]?.replace(/:\*$/, "");
  if (logGroupName === undefined) return;
  const target = { logGroupName, logStreamName: `${apiId}-${stage.replace("$", "")}` };
  const write = () =>
    cloud.call("logs", "PutLogEvents", { ...target, logEvents: [{ timestamp: cloud.clock.now(), message }] }, ACCOUNT);
  try {
    await write();
  } catch (error) {
    if (!isServiceError(error) || error.name !== "ResourceNotFoundException") throw error;
    // The stream is made by its first line; a group that is not there is an error for the log of the cloud.
    await cloud.call("logs", "CreateLogStream", target, ACCOUNT);
    await write();
  }
}

/** Notes how the integration went. `latency` in milliseconds. */
export function noteIntegration(
  exchange: Exchange,
  outcome: { readonly status?: number; readonly latency?: number; readonly error?: string },
): void {
  const { context } = exchange;
  if (outcome.status !== undefined) {
    context["integrationStatus"] = outcome.status;
    setContext(context, "integration.status", outcome.status);
    setContext(context, "integration.integrationStatus", outcome.status);
  }
  if (outcome.latency !== undefined) {
    context["integrationLatency"] = outcome.latency;
    setContext(context, "integration.latency", outcome.latency);
  }
  if (outcome.error !== undefined) {
    context["integrationErrorMessage"] = outcome.error;
    setContext(context, "integration.error", outcome.error);
  }
}
