/**
 * The one logger: a JSON object a line, with service, function, cold start, request, trace and correlation id.
 *
 * Environment: `POWERTOOLS_SERVICE_NAME`, `POWERTOOLS_LOG_LEVEL` (INFO), `POWERTOOLS_LOGGER_SAMPLE_RATE` (share of invocations
 * that log at DEBUG, 0 to 1), `LOG_BUFFER` (a level: lines up to it are kept back and written only when the invocation fails).
 *
 * Log identifiers and counts, never documents, mails, names or secrets. Nothing that the middleware logs holds a payload.
 */
import { LogFormatter, Logger, LogItem } from "@aws-lambda-powertools/logger";
import type { LogAttributes, LogLevel, UnformattedAttributes } from "@aws-lambda-powertools/logger/types";
import { env } from "../environment.ts";
import { currentLogKeys } from "./log-keys.ts";

class Formatter extends LogFormatter {
  formatAttributes(attributes: UnformattedAttributes, additional: LogAttributes): LogItem {
    const { lambdaContext } = attributes;
    return new LogItem({
      attributes: {
        level: attributes.logLevel,
        message: attributes.message,
        timestamp: this.formatTimestamp(attributes.timestamp),
        service: attributes.serviceName,
        function_name: lambdaContext?.functionName,
        function_request_id: lambdaContext?.awsRequestId,
        cold_start: lambdaContext?.coldStart,
        xray_trace_id: attributes.xRayTraceId,
        sampling_rate: attributes.sampleRateValue || undefined,
        ...currentLogKeys(),
        ...additional,
      },
    });
  }

  /**
   * Where an error comes from, and nothing of what it is about: errors of the SDK carry rows (`Item` of a failed condition,
   * `CancellationReasons` of a transaction), and others whole requests.
   */
  override formatError(error: Error & SdkFields): LogAttributes {
    const { name, location, message, stack, cause } = super.formatError(error);
    return {
      name,
      location,
      message,
      stack,
      ...(error.cause instanceof Error && { cause }),
      ...(typeof error.code === "string" && { code: error.code }),
      ...(error.$metadata && { request_id: error.$metadata.requestId, status: error.$metadata.httpStatusCode }),
    };
  }
}

interface SdkFields {
  readonly code?: unknown;
  readonly $metadata?: { readonly requestId?: string; readonly httpStatusCode?: number };
}

/** A net under the rule above: what is called like a secret is not written, whoever logs it. */
const secretName =
  /^(authorization|cookie|set-cookie|x-api-key|x-amz-security-token)$|pass(word|phrase)|secret|credential|token$|api-?key|private-?key/i;
/** JSON escapes \n and \r; these three end a line too for some readers. */
const lineEnd = /[\u0085\u2028\u2029]/g;

function clean(key: string, value: unknown): unknown {
  if (secretName.test(key)) return "[removed]";
  return typeof value === "string" ? value.replace(lineEnd, " ") : value;
}

const bufferLevels = ["DEBUG", "INFO", "WARN"] as const satisfies readonly LogLevel[];
const bufferAtVerbosity = env.optional("LOG_BUFFER") && env.oneOf("LOG_BUFFER", bufferLevels);

export const logger = new Logger({
  logFormatter: new Formatter(),
  jsonReplacerFn: clean,
  ...(bufferAtVerbosity ? { logBufferOptions: { bufferAtVerbosity } } : {}),
});
