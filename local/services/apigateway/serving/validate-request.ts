/** Request validators ("Request validation for REST APIs in API Gateway"). */
import type { Method } from "@aws-sdk/client-api-gateway";
import type { Exchange } from "../shared-serving/context.ts";
import type { Definition } from "../store.ts";
import { Fault } from "./gateway-response.ts";
import { violations } from "./json-schema.ts";

/** Throws Fault. */
export function validateRequest(
  exchange: Exchange,
  definition: Definition,
  method: Method,
  pathParameters: Readonly<Record<string, string>>,
): void {
  const validator = definition.validators[method.requestValidatorId ?? ""];
  if (!validator) return;
  if (validator.validateRequestParameters) validateParameters(exchange, method, pathParameters);
  if (validator.validateRequestBody) validateBody(exchange, definition, method);
}

function validateParameters(
  exchange: Exchange,
  method: Method,
  pathParameters: Readonly<Record<string, string>>,
): void {
  const missing = Object.entries(method.requestParameters ?? {}).flatMap(([parameter, isRequired]) => {
    const [, , place = "", ...rest] = parameter.split(".");
    const name = rest.join(".");
    const value =
      place === "querystring" || place === "multivaluequerystring"
        ? exchange.request.query.get(name)
        : place === "path"
          ? pathParameters[name]
          : exchange.headers[name.toLowerCase()];
    return isRequired && !value ? [name] : [];
  });
  if (missing.length > 0)
    throw new Fault("BAD_REQUEST_PARAMETERS", `Missing required request parameters: [${missing.join(", ")}]`);
}

/** Bodies of a content type without a model are not looked at. */
function validateBody(exchange: Exchange, definition: Definition, method: Method): void {
  const type = exchange.headers["content-type"]?.split(";")[0]?.trim().toLowerCase() ?? "application/json";
  const models = method.requestModels ?? {};
  const name = models[type] ?? models["$default"];
  const model = name === undefined ? undefined : definition.models[name];
  if (!model) return;
  const refuse = (errors: string): never => {
    exchange.context["error"] = { validationErrorString: errors };
    throw new Fault("BAD_REQUEST_BODY", "Invalid request body");
  };
  let content: unknown;
  try {
    content = JSON.parse(exchange.request.body.toString());
  } catch {
    return refuse("[Invalid JSON]");
  }
  const schema: unknown = JSON.parse(model.schema ?? "{}");
  const found = violations(schema, content, (reference) => modelOf(definition, reference));
  if (found.length > 0) refuse(`[${found.join(", ")}]`);
}

/** `#/definitions/User`, or `https://apigateway.amazonaws.com/restapis/<api>/models/User`. */
function modelOf(definition: Definition, reference: string): unknown {
  const model = definition.models[reference.slice(reference.lastIndexOf("/") + 1)];
  return model?.schema === undefined ? undefined : JSON.parse(model.schema);
}
