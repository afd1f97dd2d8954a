/** Serves function URLs below `/_urls/<id>/`. */
import { isServiceError } from "../../../core/errors.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { HttpRequest, HttpResponse } from "../../../core/service.ts";
import type { LambdaService } from "../lambda-service.ts";
import { eventOf, responseOf } from "./http-event.ts";
import type { FunctionUrl } from "./store.ts";

const PATH = /^\/_urls\/([a-z0-9]+)(\/.*)?$/;

const refused = (status: number, message: string): HttpResponse => ({
  status,
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ Message: message }),
});

/** Answers undefined when the request is for something else. */
export async function serveUrl(lambda: LambdaService, request: HttpRequest): Promise<HttpResponse | undefined> {
  const match = PATH.exec(request.path);
  const url = match?.[1] === undefined ? undefined : lambda.urls.byId(match[1]);
  if (url === undefined) return undefined;
  const origin = request.headers["origin"];
  const cors = origin === undefined ? {} : corsHeaders(url, origin);
  const isPreflight = request.method === "OPTIONS" && request.headers["access-control-request-method"] !== undefined;
  if (url.cors && isPreflight) return { status: 200, headers: { ...cors, ...preflightHeaders(url) } };
  if (!isAllowed(lambda, url, request)) return refused(403, "Forbidden");
  const response = await invoke(lambda, url, request, match?.[2] ?? "/");
  return { ...response, headers: { ...response.headers, ...cors } };
}

/** Whoever may, by the function's policy or their own ("Control access to Lambda function URLs"). */
function isAllowed(lambda: LambdaService, url: FunctionUrl, request: HttpRequest): boolean {
  const { functionName, qualifier, authType } = url;
  if (authType === "AWS_IAM" && request.principal.kind === "anonymous") return false;
  const permission = {
    action: "lambda:InvokeFunctionUrl",
    resource: lambda.functions.arn(functionName, qualifier),
    context: { "lambda:FunctionUrlAuthType": authType },
  };
  // A URL without authentication does not look at who asks.
  const principal = authType === "NONE" ? ({ kind: "anonymous" } as const) : request.principal;
  try {
    lambda.cloud.iam.authorize(principal, permission, lambda.policies.document(functionName, qualifier));
    return true;
  } catch (error) {
    if (isServiceError(error)) return false;
    throw error;
  }
}

/** By the public operation: it lets time move while the function runs. */
async function invoke(
  lambda: LambdaService,
  url: FunctionUrl,
  request: HttpRequest,
  path: string,
): Promise<HttpResponse> {
  const { cloud } = lambda;
  const event = eventOf(url, request, {
    requestId: cloud.uuid(),
    accountId: cloud.accountId,
    region: cloud.region,
    now: cloud.clock.now(),
    path,
  });
  try {
    const answer = await cloud.call(
      "lambda",
      "Invoke",
      {
        FunctionName: url.functionName,
        Payload: Buffer.from(JSON.stringify(event)),
        ...(url.qualifier !== undefined && { Qualifier: url.qualifier }),
      },
      ACCOUNT,
    );
    if (answer.FunctionError)
      return { status: 502, headers: { "content-type": "text/plain" }, body: "Internal Server Error" };
    return responseOf(Buffer.from(answer.Payload ?? []));
  } catch (error) {
    if (!isServiceError(error)) throw error;
    return refused(error.name === "TooManyRequestsException" ? 429 : (error.status ?? 500), error.message);
  }
}

function corsHeaders({ cors }: FunctionUrl, origin: string): Record<string, string> {
  const origins = cors?.AllowOrigins ?? [];
  if (!origins.includes("*") && !origins.includes(origin)) return {};
  return {
    "access-control-allow-origin": origins.includes("*") && !cors?.AllowCredentials ? "*" : origin,
    ...(cors?.AllowCredentials && { "access-control-allow-credentials": "true" }),
    ...(cors?.ExposeHeaders?.length && { "access-control-expose-headers": cors.ExposeHeaders.join(",") }),
  };
}

const preflightHeaders = ({ cors }: FunctionUrl): Record<string, string> => ({
  ...(cors?.AllowMethods?.length && { "access-control-allow-methods": cors.AllowMethods.join(",") }),
  ...(cors?.AllowHeaders?.length && { "access-control-allow-headers": cors.AllowHeaders.join(",") }),
  ...(cors?.MaxAge !== undefined && { "access-control-max-age": String(cors.MaxAge) }),
});
