/** The middleware in an environment of its own: Lambda starts a fresh one for each. */
import { vi } from "vitest";

export const traceId = "1-5759e988-bd862e3fe1be46a994272793";

/** Loads it anew, as a function called parcel-tracker with these variables. `vi.unstubAllEnvs()` takes them back. */
export async function freshMiddleware(environment: Readonly<Record<string, string>> = {}) {
  const variables = {
    POWERTOOLS_SERVICE_NAME: "parcel-tracker",
    AWS_LAMBDA_INITIALIZATION_TYPE: "on-demand",
    _X_AMZN_TRACE_ID: `Root=${traceId};Parent=557abcec3ee5a047;Sampled=1`,
    ...environment,
  };
  vi.resetModules();
  for (const [name, value] of Object.entries(variables)) vi.stubEnv(name, value);
  const { handle } = await import("../middleware.ts");
  const { AppError, InputInvalid } = await import("../errors.ts");
  const { logger } = await import("../observability/logger.ts");
  const { count } = await import("../observability/metrics.ts");
  return { handle, AppError, InputInvalid, logger, count };
}
