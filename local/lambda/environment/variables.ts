/** The environment variables of a function ("Defined runtime environment variables"). */
import type { Cloud, Credentials } from "../../core/cloud.ts";
import type { FunctionSpec } from "../function-spec.ts";

/** Nobody listens there: what a worker sends to it, it hands to its host. */
export const DAEMON = { address: "127.0.0.1", port: 2000 } as const;

export function variablesOf(
  spec: FunctionSpec,
  cloud: Pick<Cloud, "region" | "endpoint" | "isTracing">,
  credentials: Credentials,
  place: { readonly root: string; readonly logStream: string },
): Record<string, string> {
  const { logging } = spec;
  return {
    PATH: process.env["PATH"] ?? "",
    LANG: "en_US.UTF-8",
    TZ: ":UTC",
    ...spec.variables,
    _HANDLER: spec.handler,
    AWS_REGION: cloud.region,
    AWS_DEFAULT_REGION: cloud.region,
    AWS_ENDPOINT_URL: cloud.endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    AWS_EXECUTION_ENV: `AWS_Lambda_${spec.runtime}`,
    AWS_LAMBDA_FUNCTION_NAME: spec.name,
    AWS_LAMBDA_FUNCTION_VERSION: spec.version,
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(spec.memoryMb),
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    AWS_LAMBDA_LOG_GROUP_NAME: logging.group,
    AWS_LAMBDA_LOG_STREAM_NAME: place.logStream,
    AWS_LAMBDA_LOG_FORMAT: logging.format,
    ...(logging.format === "JSON" && { AWS_LAMBDA_LOG_LEVEL: logging.applicationLevel ?? "INFO" }),
    LAMBDA_TASK_ROOT: place.root,
    LAMBDA_RUNTIME_DIR: "/var/runtime",
    AWS_XRAY_CONTEXT_MISSING: "LOG_ERROR",
    // Without a daemon there is nothing to load the X-Ray SDK for, which takes longer than all else at a start.
    ...(cloud.isTracing && {
      AWS_XRAY_DAEMON_ADDRESS: `${DAEMON.address}:${DAEMON.port}`,
      _AWS_XRAY_DAEMON_ADDRESS: DAEMON.address,
      _AWS_XRAY_DAEMON_PORT: String(DAEMON.port),
    }),
  };
}
