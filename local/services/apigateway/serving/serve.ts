/** Requests to the stages of REST APIs. */
import type { MethodSetting, Stage } from "@aws-sdk/client-api-gateway";
import type { HttpRequest, HttpResponse } from "../../../core/service.ts";
import { readTraceHeader, TRACE_HEADER, writeTraceHeader } from "../../../core/trace-header.ts";
import type { Keys } from "../keys/store.ts";
import { addressOf, decoded, splitStage } from "../shared-serving/address.ts";
import { type Answer, type Exchange, logTime, setContext } from "../shared-serving/context.ts";
import { newShortRequestId } from "../shared-management/ids.ts";
import { domainOf, passedHeaders } from "../shared-serving/request-headers.ts";
import { beginTrace, type StageTrace, tellRequest } from "../shared-serving/stage-trace.ts";
import { record } from "../shared-serving/telemetry.ts";
import { ACCOUNT_LIMIT, Throttle } from "../shared-serving/throttle.ts";
import type { RestApis, StoredApi, StoredDeployment } from "../store.ts";
import { authorize, type Caller } from "./authorize.ts";
import { findMethod, type FoundMethod } from "./find-method.ts";
import { Fault, gatewayAnswer, internalFault } from "./gateway-response.ts";
import { integrate } from "../integrations/integrate.ts";
import { LambdaAuthorizer } from "./lambda-authorizer.ts";
import { validateRequest } from "./validate-request.ts";

/** "Amazon API Gateway quotas": payload size of REST APIs, 10 MB. */
const LARGEST_PAYLOAD = 10 * 1024 * 1024;
const FORBIDDEN = {
  status: 403,
  headers: { "content-type": "application/json", "x-amzn-errortype": "ForbiddenException" },
  body: '{"message":"Forbidden"}',
};

export class RestApiServer {
  readonly #apis: RestApis;
  readonly #keys: Keys;
  readonly #throttle: Throttle;
  readonly authorizer: LambdaAuthorizer;

  constructor(apis: RestApis, keys: Keys) {
    this.#apis = apis;
    this.#keys = keys;
    this.#throttle = new Throttle(apis.cloud.clock);
    this.authorizer = new LambdaAuthorizer(apis.cloud);
  }

  /** Undefined when the path names no REST API. */
  async serve(request: HttpRequest): Promise<HttpResponse | undefined> {
    const address = addressOf(request.path);
    const api = address && this.#apis.find(address.apiId);
    if (!api) return undefined;
    const { stage: name, path } = splitStage(address.rest);
    const stage = api.stages[name];
    const definition = api.deployments[stage?.deploymentId ?? ""]?.definition;
    if (!stage || !definition || api.shape.disableExecuteApiEndpoint) return FORBIDDEN;
    const trace = stage.tracingEnabled ? beginTrace(this.#apis.cloud, request.headers[TRACE_HEADER]) : undefined;
    const exchange = this.#exchange(api, stage, path, request, trace);
    const answer = await this.#answer(api, stage, definition, exchange);
    if (trace) tellRequest(exchange, trace, api.shape.name ?? "", answer);
    const ApiName = { Name: "ApiName", Value: api.shape.name ?? "" };
    record(exchange, answer, {
      errorMetrics: ["4XXError", "5XXError"],
      dimensions: [[ApiName], [ApiName, { Name: "Stage", Value: name }]],
      accessLog: stage.accessLogSettings && {
        destinationArn: stage.accessLogSettings.destinationArn ?? "",
        format: stage.accessLogSettings.format ?? "",
      },
    });
    const { requestId, extendedRequestId } = exchange.context;
    return {
      ...answer,
      headers: {
        "x-amzn-requestid": String(requestId),
        "x-amz-apigw-id": String(extendedRequestId),
        ...answer.headers,
      },
    };
  }

  #exchange(api: StoredApi, stage: Stage, path: string, request: HttpRequest, trace: StageTrace | undefined): Exchange {
    const { cloud } = this.#apis;
    const startedAt = cloud.clock.now();
    const passed = passedHeaders(cloud, request, api.id);
    const headers = trace ? { ...passed, [TRACE_HEADER]: trace.header } : passed;
    // Lambda follows a chain of requests for loops, but not through an API: the lineage ends here.
    const upstream = readTraceHeader(headers[TRACE_HEADER]);
    const name = stage.stageName ?? "";
    return {
      cloud,
      request,
      startedAt,
      apiId: api.id,
      stage: name,
      path,
      headers,
      traceHeader: upstream && writeTraceHeader(upstream),
      stageVariables: stage.variables ?? {},
      context: {
        accountId: cloud.accountId,
        apiId: api.id,
        deploymentId: stage.deploymentId,
        domainName: domainOf(cloud, api.id),
        domainPrefix: api.id,
        extendedRequestId: newShortRequestId(cloud),
        httpMethod: request.method,
        identity: { sourceIp: request.sourceIp, userAgent: headers["user-agent"] ?? "" },
        path: `/${name}${decoded(path)}`,
        protocol: "HTTP/1.1",
        requestId: cloud.uuid(),
        requestTime: logTime(startedAt),
        requestTimeEpoch: startedAt,
        stage: name,
        xrayTraceId: upstream?.root,
      },
    };
  }

  async #answer(
    api: StoredApi,
    stage: Stage,
    definition: StoredDeployment["definition"],
    exchange: Exchange,
  ): Promise<Answer> {
    try {
      return await this.#route(api, stage, definition, exchange);
    } catch (error) {
      if (!(error instanceof Fault))
        this.#apis.cloud.log.error(`API ${api.id}: ${exchange.request.method} ${exchange.path}`, error);
      return gatewayAnswer(exchange, error instanceof Fault ? error : internalFault(), definition.gatewayResponses);
    }
  }

  async #route(
    api: StoredApi,
    stage: Stage,
    definition: StoredDeployment["definition"],
    exchange: Exchange,
  ): Promise<Answer> {
    const { request, path, cloud, context } = exchange;
    const found = findMethod(Object.values(definition.resources), request.method, path);
    if (!found) throw new Fault("MISSING_AUTHENTICATION_TOKEN", "Missing Authentication Token");
    if (request.body.length > LARGEST_PAYLOAD) throw new Fault("REQUEST_TOO_LARGE", "Request Too Long");
    const { resource, method, pathParameters } = found;
    const resourcePath = resource.path ?? "";
    context["resourcePath"] = resourcePath;
    context["resourceId"] = resource.id;
    const arnOf = (rest: string) => cloud.arn("execute-api", `${api.id}/${exchange.stage}/${request.method}${rest}`);
    const place = { definition, method, resourcePath, resourceId: resource.id ?? "", pathParameters };
    const caller = await authorize(exchange, { ...place, arn: arnOf(decoded(path)) }, this.authorizer);
    const identity = this.#checkKey(exchange, definition, found, caller);
    const setting = limitOf(stage, resourcePath, method.httpMethod ?? "", request.method);
    if (!this.#throttle.take(`${api.id}/${exchange.stage}/${setting.key}`, setting))
      throw new Fault("THROTTLED", "Too Many Requests");
    validateRequest(exchange, definition, method, pathParameters);
    if (!method.methodIntegration) throw internalFault();
    return integrate(method.methodIntegration, {
      ...place,
      exchange,
      caller: { ...caller, identity: { ...caller.identity, ...identity } },
      sourceArn: arnOf(resourcePath),
    });
  }

  /** What the request's identity learns from its API key. Throws Fault. */
  #checkKey(
    exchange: Exchange,
    { settings }: StoredDeployment["definition"],
    { resource, method }: FoundMethod,
    caller: Caller,
  ): Record<string, string> {
    if (!method.apiKeyRequired) return {};
    const value = settings.apiKeySource === "AUTHORIZER" ? caller.usageKey : exchange.headers["x-api-key"];
    const verdict = this.#keys.use(
      value,
      exchange.apiId,
      exchange.stage,
      `${resource.path ?? ""}/${method.httpMethod ?? ""}`,
    );
    if (verdict.kind === "invalid") throw new Fault("INVALID_API_KEY", "Forbidden");
    const identity = { apiKey: verdict.key.value ?? "", apiKeyId: verdict.key.id ?? "" };
    for (const [name, own] of Object.entries(identity)) setContext(exchange.context, `identity.${name}`, own);
    if (verdict.kind === "throttled") throw new Fault("THROTTLED", "Too Many Requests");
    if (verdict.kind === "over quota") throw new Fault("QUOTA_EXCEEDED", "Limit Exceeded");
    return identity;
  }
}

/** The settings of the method, of all methods of the resource, of the stage, then what the account has anyway. */
function limitOf(stage: Stage, resourcePath: string, declared: string, method: string) {
  const settings: Readonly<Record<string, MethodSetting>> = stage.methodSettings ?? {};
  // In settings the path has no slash at its beginning.
  const path = resourcePath.replace(/^\//, "");
  const keys = [`${path}/${method}`, `${path}/${declared}`, `${path}/*`, `*/${method}`, "*/*"];
  const key = keys.find(
    (name) => settings[name]?.throttlingRateLimit !== undefined || settings[name]?.throttlingBurstLimit !== undefined,
  );
  const own = key === undefined ? undefined : settings[key];
  return {
    // Limits of a method are its own; those of the stage hold for each method apart, too.
    key: `${resourcePath}/${declared}`,
    rate: own?.throttlingRateLimit ?? ACCOUNT_LIMIT.rate,
    burst: own?.throttlingBurstLimit ?? ACCOUNT_LIMIT.burst,
  };
}
