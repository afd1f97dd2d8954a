/** The OpenAPI document of a REST API, put together. */
import { compact, isFields, type Fields, type Value } from "../../value.ts";
import { fieldsOf, listOf, type Lowering, type SamResource } from "../lowering.ts";
import type { ConditionalPaths } from "../conditional-paths.ts";
import { INTEGRATION, type Paths } from "../openapi.ts";
import { API_KEY_SCHEME, IAM_SCHEME, restSchemes } from "./authorizers.ts";
import { preflight, readCors } from "./cors.ts";
import { API_KEY, type ApiAuth, operationsOf, securityOf } from "./methods.ts";
import { resourcePolicy } from "./resource-policy.ts";

interface DocumentParts {
  readonly document: Fields;
  readonly paths: Paths;
  readonly conditional: ConditionalPaths;
  readonly validators: Fields;
  readonly isOpenApi3: boolean;
  readonly auth: ApiAuth;
  readonly usesApiKeys: boolean;
  readonly usesIam: boolean;
}

export function restDocument(lowering: Lowering, api: SamResource, parts: DocumentParts): Fields {
  const { document, isOpenApi3 } = parts;
  const { properties } = api;
  secureGiven(parts);
  addPreflight(lowering, api, parts);
  const schemes = {
    ...restSchemes(lowering, api),
    ...(parts.usesIam ? { AWS_IAM: IAM_SCHEME } : {}),
    ...(parts.usesApiKeys ? { [API_KEY]: API_KEY_SCHEME } : {}),
  };
  const models = Object.fromEntries(
    Object.entries(fieldsOf(properties["Models"])).map(([name, model]) => [name.toLowerCase(), model]),
  );
  const policy = resourcePolicy(fieldsOf(fieldsOf(properties["Auth"])["ResourcePolicy"]));
  const media = listOf(properties["BinaryMediaTypes"]);
  return compact({
    ...document,
    ...(isOpenApi3
      ? { openapi: document["openapi"] ?? "3.0.1", swagger: undefined }
      : { swagger: document["swagger"] ?? "2.0" }),
    paths: parts.conditional.wrap(lowering, api.id, parts.paths),
    ...definitions(document, schemes, models, isOpenApi3),
    "x-amazon-apigateway-gateway-responses": gatewayResponses(document, properties["GatewayResponses"]),
    "x-amazon-apigateway-policy": policy ?? document["x-amazon-apigateway-policy"],
    "x-amazon-apigateway-request-validators":
      Object.keys(parts.validators).length > 0
        ? { ...fieldsOf(document["x-amazon-apigateway-request-validators"]), ...parts.validators }
        : document["x-amazon-apigateway-request-validators"],
    // A slash in a media type is written ~1 in the property and plainly in the document.
    "x-amazon-apigateway-binary-media-types":
      media.length > 0
        ? media.map((type) => (typeof type === "string" ? type.replaceAll("~1", "/") : type))
        : document["x-amazon-apigateway-binary-media-types"],
  });
}

function definitions(document: Fields, schemes: Fields, models: Fields, isOpenApi3: boolean): Fields {
  const hasSchemes = Object.keys(schemes).length > 0;
  const hasModels = Object.keys(models).length > 0;
  if (!isOpenApi3)
    return {
      ...(hasSchemes ? { securityDefinitions: { ...fieldsOf(document["securityDefinitions"]), ...schemes } } : {}),
      ...(hasModels ? { definitions: { ...fieldsOf(document["definitions"]), ...models } } : {}),
    };
  if (!hasSchemes && !hasModels) return {};
  const components = fieldsOf(document["components"]);
  return {
    components: {
      ...components,
      ...(hasSchemes ? { securitySchemes: { ...fieldsOf(components["securitySchemes"]), ...schemes } } : {}),
      ...(hasModels ? { schemas: { ...fieldsOf(components["schemas"]), ...models } } : {}),
    },
  };
}

/** Methods of a given definition that say nothing of security get the API's default. */
function secureGiven({ paths, auth }: DocumentParts): void {
  const security = securityOf({ authorizer: undefined, scopes: undefined, apiKeyRequired: undefined }, auth);
  if (security === undefined) return;
  for (const item of Object.values(paths))
    for (const [method, operation] of operationsOf(item))
      if (method !== "options" && operation[INTEGRATION] !== undefined && operation["security"] === undefined)
        item[method] = { ...operation, security };
}

function addPreflight(lowering: Lowering, api: SamResource, { paths, auth, isOpenApi3 }: DocumentParts): void {
  const cors = readCors(api);
  if (!cors) return;
  const given = fieldsOf(api.properties["Auth"]);
  const isOff = (name: string) => String(lowering.known(given[name])) === "false";
  const security = securityOf(
    {
      authorizer: undefined,
      scopes: undefined,
      apiKeyRequired: isOff("AddApiKeyRequiredToCorsPreflight") ? false : undefined,
    },
    isOff("AddDefaultAuthorizerToCorsPreflight") ? { ...auth, defaultAuthorizer: undefined } : auth,
  );
  for (const item of Object.values(paths))
    item["options"] ??= { ...preflight(cors, item, isOpenApi3), ...(security === undefined ? {} : { security }) };
}

/** `{ Headers: { A: "'x'" } }` as `gatewayresponse.header.A`. */
function gatewayResponses(document: Fields, given: Value | undefined): Value | undefined {
  const existing = document["x-amazon-apigateway-gateway-responses"];
  if (!isFields(given)) return existing;
  const kinds: Readonly<Record<string, string>> = { Headers: "header", Paths: "path", QueryStrings: "querystring" };
  const responses = Object.entries(given).map(([type, response]): [string, Value] => {
    const { ResponseParameters, ResponseTemplates, StatusCode } = fieldsOf(response);
    const parameters = Object.entries(fieldsOf(ResponseParameters)).flatMap(([kind, values]) =>
      Object.entries(fieldsOf(values)).map(([name, value]) => [
        `gatewayresponse.${kinds[kind] ?? kind}.${name}`,
        value,
      ]),
    );
    return [
      type,
      compact({
        responseParameters: Object.fromEntries(parameters) as Fields,
        responseTemplates: ResponseTemplates ?? {},
        statusCode: StatusCode,
      }),
    ];
  });
  return { ...fieldsOf(existing), ...Object.fromEntries(responses) };
}
