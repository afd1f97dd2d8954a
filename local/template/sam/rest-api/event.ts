/** Api: a method of a REST API that invokes the function or starts the state machine. */
import { compact, isFields, isList, ref, type Fields, type Value } from "../../value.ts";
import { addPermission, eventError, type EventTarget, required, type SamEvent } from "../events/event.ts";
import { startExecutionRole } from "../events/start-execution-role.ts";
import { fieldsOf, type Lowering, referenced, textOf } from "../lowering.ts";
import { suffixed } from "../logical-ids.ts";
import { executeArn, INTEGRATION, invocationUri, permissionPath } from "../openapi.ts";
import type { MethodRequest } from "./methods.ts";
import { IMPLICIT_REST_API, type RestApi } from "./rest-api.ts";

export function lowerApiEvent(lowering: Lowering, target: EventTarget, event: SamEvent): void {
  const path = textOf(lowering.known(required(target, event, "Path")));
  const method = textOf(lowering.known(required(target, event, "Method")));
  if (path === undefined || method === undefined)
    throw eventError(target, event, "Path and Method must be known before deployment.");
  const given = event.properties["RestApiId"];
  const id = given === undefined ? IMPLICIT_REST_API : referenced(given);
  const api = id === undefined ? undefined : lowering.apis.rest(id);
  if (!api && (id === undefined || lowering.made[id]?.["Type"] !== "AWS::ApiGateway::RestApi"))
    throw eventError(
      target,
      event,
      "RestApiId property of Api event must reference a valid resource in the same template.",
    );

  if (api) addMethod(lowering, target, event, api, path, method);
  if (target.kind === "state-machine") return;
  // An API written natively gets the permission only: its own definition says what it integrates.
  const stage = api?.permissionSuffix ?? "Stage";
  addPermission(lowering, target, suffixed(`${event.id}Permission`, stage), "apigateway.amazonaws.com", {
    SourceArn: executeArn(
      api ? ref(api.id) : (given ?? ""),
      `\${__Stage__}/${method.toLowerCase() === "any" ? "*" : method.toUpperCase()}${permissionPath(path)}`,
    ),
  });
}

function addMethod(
  lowering: Lowering,
  target: EventTarget,
  event: SamEvent,
  api: RestApi,
  path: string,
  method: string,
): void {
  const auth = fieldsOf(event.properties["Auth"]);
  const request: MethodRequest = {
    authorizer: textOf(lowering.known(auth["Authorizer"])),
    scopes: auth["AuthorizationScopes"],
    apiKeyRequired: flag(lowering.known(auth["ApiKeyRequired"])),
    invokeRole: auth["InvokeRole"],
    parameters: requestParameters(event),
    model: isFields(event.properties["RequestModel"]) ? event.properties["RequestModel"] : undefined,
    condition: target.resource.attributes["Condition"],
    at: event.path,
  };
  const operation =
    target.kind === "function" ? functionOperation(target, event) : stateMachineOperation(lowering, target, event);
  if (!api.addMethod(path, method, operation, request))
    throw eventError(target, event, `API method "${method.toLowerCase()}" defined multiple times for path "${path}".`);
}

const functionOperation = (target: EventTarget, event: SamEvent): Fields => ({
  [INTEGRATION]: compact({
    type: "aws_proxy",
    httpMethod: "POST",
    uri: invocationUri(target.variable),
    timeoutInMillis: event.properties["TimeoutInMillis"],
  }),
  responses: {},
});

/** The request's body is the execution's input; the answer is that of StartExecution. */
function stateMachineOperation(lowering: Lowering, target: EventTarget, event: SamEvent): Fields {
  // escapeJavaScript also escapes single quotes, which is no JSON.
  const unescape =
    lowering.known(event.properties["UnescapeMappingTemplate"]) === true ? `.replaceAll("\\\\'","'")` : "";
  const template = `{"input": "$util.escapeJavaScript($input.json('$'))${unescape}", "stateMachineArn": "\${${target.variable}}"}`;
  return {
    [INTEGRATION]: {
      type: "aws",
      httpMethod: "POST",
      uri: { "Fn::Sub": "arn:${AWS::Partition}:apigateway:${AWS::Region}:states:action/StartExecution" },
      credentials: startExecutionRole(lowering, target, event, "apigateway.amazonaws.com"),
      requestTemplates: { "application/json": { "Fn::Sub": template } },
      responses: { "200": { statusCode: "200" }, "400": { statusCode: "400" } },
    },
    responses: { "200": { description: "OK" }, "400": { description: "Bad Request" } },
  };
}

/** `method.request.querystring.q`, or `{ method.request.header.H: { Required: true } }`. */
function requestParameters(event: SamEvent): MethodRequest["parameters"] {
  const given = event.properties["RequestParameters"];
  return (isList(given) ? given : []).flatMap((item: Value) => {
    const [name, options] = isFields(item) ? (Object.entries(item)[0] ?? ["", {}]) : [String(item), {}];
    const [, , place = "", ...rest] = name.split(".");
    return [
      {
        name: rest.join("."),
        in: place === "querystring" ? "query" : place,
        required: fieldsOf(options)["Required"] === true,
      },
    ];
  });
}

const flag = (value: Value | undefined): boolean | undefined =>
  value === undefined ? undefined : String(value) === "true";
