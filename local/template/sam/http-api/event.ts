/** HttpApi: a route of an HTTP API that invokes the function. */
import { compact, isFields, ref, type Value } from "../../value.ts";
import { addPermission, eventError, type EventTarget, type SamEvent } from "../events/event.ts";
import { fieldsOf, type Lowering, referenced, textOf } from "../lowering.ts";
import { executeArn, INTEGRATION, invocationUri, pathParameters, permissionPath } from "../openapi.ts";
import { type HttpApi, IMPLICIT_HTTP_API } from "./http-api.ts";

export function lowerHttpApiEvent(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const { properties } = event;
  const api = apiOf(lowering, target, event);
  const path = textOf(lowering.known(properties["Path"])) ?? "$default";
  const method = textOf(lowering.known(properties["Method"])) ?? "any";
  const isDefault = path === "$default";
  if (!isDefault && !path.startsWith("/")) throw eventError(target, event, "Path must start with a '/'.");

  const auth = fieldsOf(properties["Auth"]);
  const added = api.addRoute(
    path,
    method,
    compact({
      [INTEGRATION]: compact({
        type: "aws_proxy",
        httpMethod: "POST",
        uri: invocationUri(target.variable),
        payloadFormatVersion: properties["PayloadFormatVersion"] ?? "2.0",
        timeoutInMillis: properties["TimeoutInMillis"],
      }),
      isDefaultRoute: isDefault ? true : undefined,
      parameters: parameters(path),
      responses: {},
    }),
    {
      authorizer: textOf(lowering.known(auth["Authorizer"])),
      scopes: auth["AuthorizationScopes"],
      condition: target.resource.attributes["Condition"],
      at: event.path,
    },
  );
  if (!added)
    throw eventError(target, event, `API method "${method.toLowerCase()}" defined multiple times for path "${path}".`);
  if (isFields(properties["RouteSettings"])) api.addRouteSettings(path, method, properties["RouteSettings"]);

  if (!isDefault && hasDefaultRoute(target, properties["ApiId"])) return;
  const permitted = isDefault
    ? "*"
    : `${method.toLowerCase() === "any" ? "*" : method.toUpperCase()}${permissionPath(path)}`;
  addPermission(lowering, target, `${event.id}Permission`, "apigateway.amazonaws.com", {
    SourceArn: executeArn(ref(api.id), `\${__Stage__}/${permitted}`),
  });
}

/** The permission of a function's default route covers its other routes. */
const hasDefaultRoute = (target: EventTarget, apiId: Value | undefined): boolean =>
  Object.values(fieldsOf(target.resource.properties["Events"])).some((other) => {
    const { Type: type, Properties: properties } = fieldsOf(other);
    const { Path: path, ApiId: api } = fieldsOf(properties);
    return type === "HttpApi" && path === undefined && JSON.stringify(api) === JSON.stringify(apiId);
  });

function parameters(path: string) {
  const names = pathParameters(path);
  return names.length === 0 ? undefined : names.map((name) => ({ name, in: "path", required: true }));
}

function apiOf(lowering: Lowering, target: EventTarget, event: SamEvent): HttpApi {
  const given = event.properties["ApiId"];
  const id = given === undefined ? IMPLICIT_HTTP_API : (referenced(given) ?? textOf(given));
  const api = id === undefined ? undefined : lowering.apis.http(id);
  if (api) return api;
  throw eventError(
    target,
    event,
    "ApiId must be a valid reference to an 'AWS::Serverless::HttpApi' resource in same template.",
  );
}
