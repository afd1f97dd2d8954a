/** The tracer. Loading this file costs some 30 ms (aws-xray-sdk-core): only `tracing.ts` does, and only where there is a daemon. */
import { Tracer } from "@aws-lambda-powertools/tracer";
import { captureLambdaHandler } from "@aws-lambda-powertools/tracer/middleware";

// Calls of SDK clients are traced by the clients. Tracing every HTTPS request as well would record each of them twice and
// hand our trace ids to third parties; POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS=true asks for it.
const captureHTTPsRequests = process.env.POWERTOOLS_TRACER_CAPTURE_HTTPS_REQUESTS === "true";

export const tracer = new Tracer({ captureHTTPsRequests });

/** Opens and closes the handler's subsegment. Results are payload: they do not go into a trace. */
export const subsegments = captureLambdaHandler(tracer, { captureResponse: false });
