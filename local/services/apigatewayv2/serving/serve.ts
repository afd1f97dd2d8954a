/** Requests to the stages of HTTP APIs. */
import type { Route, Stage } from "@aws-sdk/client-apigatewayv2";
import type { HttpRequest, HttpResponse } from "../../../core/service.ts";
import { addressOf, decoded } from "../../apigateway/shared-serving/address.ts";
import { type Answer, type Exchange, logTime, setContext } from "../../apigateway/shared-serving/context.ts";
import { newShortRequestId } from "../../apigateway/shared-management/ids.ts";
import { domainOf, passedHeaders } from "../../apigateway/shared-serving/request-headers.ts";
import { record } from "../../apigateway/shared-serving/telemetry.ts";
import { ACCOUNT_LIMIT, Throttle } from "../../apigateway/shared-serving/throttle.ts";
import type { Apis, Definition, StoredApi } from "../store.ts";
import { authorize, type Authorizers } from "./authorize.ts";
import { preflight, withCors } from "./cors.ts";
import { integrate } from "./integrate.ts";
import { JwtAuthorizer } from "./jwt.ts";
import { LambdaAuthorizer } from "./lambda-authorizer.ts";
import { answerOf, internalError, notFound, Problem } from "./problem.ts";
import { findRoute, findStage, type FoundStage } from "./routing.ts";

/** "Amazon API Gateway quotas": payload size of HTTP APIs, 10 MB. */
const LARGEST_PAYLOAD = 10 * 1024 * 1024;
const EMPTY: Definition = { routes: {}, integrations: {}, authorizers: {} };

export class HttpApiServer {
  readonly #apis: Apis;
  readonly #throttle: Throttle;
  readonly #authorizers: Authorizers;

  constructor(apis: Apis) {
    this.#apis = apis;
    this.#throttle = new Throttle(apis.cloud.clock);
    this.#authorizers = { lambda: new LambdaAuthorizer(apis.cloud), jwt: new JwtAuthorizer(apis.cloud) };
  }

  /** Undefined when the path names no HTTP API. */
  async serve(request: HttpRequest): Promise<HttpResponse | undefined> {
    const address = addressOf(request.path);
    const api = address && this.#apis.find(address.apiId);
    if (!api) return undefined;
    const found = findStage(api, address.rest);
    if (!found || api.shape.DisableExecuteApiEndpoint) return answerOf(notFound());
    const exchange = this.#exchange(api, found, request);
    const answer = await this.#answer(api, found.stage, exchange);
    const { AccessLogSettings: log } = found.stage;
    record(exchange, answer, {
      errorMetrics: ["4xx", "5xx"],
      dimensions: [
        [{ Name: "ApiId", Value: api.id }],
        [
          { Name: "ApiId", Value: api.id },
          { Name: "Stage", Value: exchange.stage },
        ],
      ],
      accessLog: log && { destinationArn: log.DestinationArn ?? "", format: log.Format ?? "" },
    });
    return { ...answer, headers: { ...answer.headers, "apigw-requestid": String(exchange.context["requestId"]) } };
  }

  #exchange(api: StoredApi, { stage, path }: FoundStage, request: HttpRequest): Exchange {
    const { cloud } = this.#apis;
    const startedAt = cloud.clock.now();
    const requestId = newShortRequestId(cloud);
    const headers = passedHeaders(cloud, request, api.id);
    const name = stage.StageName ?? "";
    return {
      cloud,
      request,
      startedAt,
      apiId: api.id,
      stage: name,
      path,
      headers,
      stageVariables: stage.StageVariables ?? {},
      context: {
        accountId: cloud.accountId,
        apiId: api.id,
        domainName: domainOf(cloud, api.id),
        domainPrefix: api.id,
        extendedRequestId: requestId,
        httpMethod: request.method,
        identity: { sourceIp: request.sourceIp, userAgent: headers["user-agent"] ?? "" },
        path: decoded(name === "$default" ? path : `/${name}${path}`),
        protocol: "HTTP/1.1",
        requestId,
        requestTime: logTime(startedAt),
        requestTimeEpoch: startedAt,
        stage: name,
      },
    };
  }

  async #answer(api: StoredApi, stage: Stage, exchange: Exchange): Promise<Answer> {
    const { CorsConfiguration: cors } = api.shape;
    const { request } = exchange;
    const early = cors && preflight(cors, request);
    if (early) return early;
    let answer: Answer;
    try {
      answer = await this.#route(api, stage, exchange);
    } catch (error) {
      if (!(error instanceof Problem))
        this.#apis.cloud.log.error(`API ${api.id}: ${request.method} ${exchange.path}`, error);
      const problem = error instanceof Problem ? error : internalError();
      setContext(exchange.context, "error.message", problem.message);
      setContext(exchange.context, "error.messageString", JSON.stringify(problem.message));
      answer = answerOf(problem);
    }
    return cors ? withCors(cors, request.headers["origin"], answer) : answer;
  }

  async #route(api: StoredApi, stage: Stage, exchange: Exchange): Promise<Answer> {
    const { request, path, cloud } = exchange;
    if (request.body.length > LARGEST_PAYLOAD) throw new Problem(413, "Request Entity Too Large");
    const definition = api.deployments[stage.DeploymentId ?? ""]?.definition ?? EMPTY;
    const found = findRoute(Object.values(definition.routes), request.method, path);
    if (!found) throw notFound();
    const { route, pathParameters } = found;
    const routeKey = route.RouteKey ?? "";
    exchange.context["routeKey"] = routeKey;
    const arnOf = (rest: string) => cloud.arn("execute-api", `${api.id}/${exchange.stage}/${rest}`);
    const arn = arnOf(`${request.method}${decoded(path)}`);
    const caller = await authorize(exchange, { route, definition, pathParameters, arn }, this.#authorizers);
    if (!this.#throttle.take(`${api.id}/${exchange.stage}/${routeKey}`, limitOf(stage, route)))
      throw new Problem(429, "Too Many Requests");
    const integration = definition.integrations[route.Target?.replace("integrations/", "") ?? ""];
    if (!integration) throw internalError();
    const sourceArn =
      routeKey === "$default"
        ? arnOf("$default")
        : arnOf(`${request.method}${routeKey.slice(routeKey.indexOf(" ") + 1)}`);
    return integrate(integration, { exchange, routeKey, pathParameters, caller, sourceArn });
  }
}

/** The route's own settings, then the stage's, then what the account has anyway. */
function limitOf(stage: Stage, route: Route) {
  const own = stage.RouteSettings?.[route.RouteKey ?? ""];
  const common = stage.DefaultRouteSettings;
  return {
    rate: own?.ThrottlingRateLimit ?? common?.ThrottlingRateLimit ?? ACCOUNT_LIMIT.rate,
    burst: own?.ThrottlingBurstLimit ?? common?.ThrottlingBurstLimit ?? ACCOUNT_LIMIT.burst,
  };
}
