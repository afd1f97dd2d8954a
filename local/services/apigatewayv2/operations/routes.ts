/** CreateRoute, GetRoute, GetRoutes, UpdateRoute, DeleteRoute. */
import type { Route } from "@aws-sdk/client-apigatewayv2";
import type { Handlers, Input } from "../../../core/service.ts";
import { newId } from "../../apigateway/shared-management/ids.ts";
import { given } from "../../apigateway/shared-management/given.ts";
import { type Apis, badRequest, conflict, member, page, type Sdk, type StoredApi, unsupported } from "../store.ts";

type NewRoute = Omit<Input<Sdk, "CreateRoute">, "ApiId">;

const METHODS = ["ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"];
const ROUTE_KEY = new RegExp(`^(${METHODS.join("|")}) (/[^\\s]*)$`);

export function routeHandlers(apis: Apis): Handlers<Sdk> {
  return {
    CreateRoute: ({ ApiId, ...input }) => addRoute(apis, apis.byId(ApiId), input),
    GetRoute: ({ ApiId, RouteId }) => member(apis.byId(ApiId).routes, "Route", RouteId),
    GetRoutes: ({ ApiId, MaxResults, NextToken }) =>
      page(Object.values(apis.byId(ApiId).routes), MaxResults, NextToken),
    UpdateRoute({ ApiId, RouteId, ...changes }) {
      const api = apis.byId(ApiId);
      const route = member(api.routes, "Route", RouteId);
      const updated = { ...route, ...checked(api, { ...route, ...given(changes) }, route.RouteId) };
      api.routes[updated.RouteId ?? ""] = updated;
      apis.saveDefinition(api);
      return updated;
    },
    DeleteRoute({ ApiId, RouteId }) {
      const api = apis.byId(ApiId);
      delete api.routes[member(api.routes, "Route", RouteId).RouteId ?? ""];
      apis.saveDefinition(api);
      return {};
    },
  };
}

/** Throws BadRequestException and ConflictException. */
export function addRoute(apis: Apis, api: StoredApi, input: NewRoute): Route {
  const RouteId = newId(apis.cloud, 7);
  const route: Route = { ...checked(api, input, RouteId), RouteId };
  api.routes[RouteId] = route;
  apis.saveDefinition(api);
  return route;
}

function checked(api: StoredApi, input: NewRoute, ownId: string | undefined): Route {
  const { RouteKey: key = "", AuthorizationType = "NONE", AuthorizerId, Target, AuthorizationScopes } = input;
  if (
    input.RequestModels ||
    input.ModelSelectionExpression ||
    input.RequestParameters ||
    input.RouteResponseSelectionExpression
  )
    throw badRequest("Invalid request input: the parameter is only supported for WebSocket APIs");
  if (input.ApiKeyRequired) throw badRequest("Invalid request input: ApiKeyRequired is not supported for HTTP APIs");
  if (key !== "$default" && !ROUTE_KEY.test(key))
    throw badRequest(
      `The provided route key is not formatted properly for HTTP protocol. Format should be "<HTTP METHOD> /<RESOURCE PATH>" or "$default"`,
    );
  if (/\+\}.*\{|\+\}\/./.test(key))
    throw badRequest("Invalid route key: a greedy path variable must be at the end of the path");
  for (const route of Object.values(api.routes))
    if (route.RouteKey === key && route.RouteId !== ownId)
      throw conflict(`Route with key ${key} already exists for this API`);
  if (!["NONE", "AWS_IAM", "JWT", "CUSTOM"].includes(AuthorizationType))
    throw unsupported(`authorization ${AuthorizationType}`);
  if (AuthorizationType === "JWT" || AuthorizationType === "CUSTOM") {
    const authorizer = member(api.authorizers, "Authorizer", AuthorizerId);
    const wanted = AuthorizationType === "JWT" ? "JWT" : "REQUEST";
    if (authorizer.AuthorizerType !== wanted) throw badRequest("Invalid authorizer type for the authorization type");
  }
  const integration = Target === undefined ? undefined : /^integrations\/(\w+)$/.exec(Target)?.[1];
  if (Target !== undefined) member(api.integrations, "Integration", integration);
  return {
    RouteKey: key,
    ApiKeyRequired: false,
    AuthorizationType,
    ...given({ AuthorizerId, Target, AuthorizationScopes, OperationName: input.OperationName }),
  };
}
