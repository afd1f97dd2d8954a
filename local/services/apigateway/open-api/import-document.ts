/** OpenAPI 2.0 and 3.0 documents with API Gateway's extensions, read into an API. */
import type { ApiKeySourceType, Authorizer } from "@aws-sdk/client-api-gateway";
import { parse } from "yaml";
import type { Cloud } from "../../../core/cloud.ts";
import { given } from "../shared-management/given.ts";
import { newId } from "../shared-management/ids.ts";
import { badRequest, resourceAt, type StoredApi, unsupported } from "../store.ts";
import { type Fields, fields, flag, list, number, text, texts, textMap } from "../shared-management/document-fields.ts";
import { methodOf, type Names } from "./method.ts";

const ANY = "x-amazon-apigateway-any-method";
const METHODS = new Set(["delete", "get", "head", "options", "patch", "post", "put", ANY]);

/** Throws BadRequestException for what is no OpenAPI document. */
export function parseDocument(body: unknown): Fields {
  let content: unknown;
  try {
    content = parse(textOf(body));
  } catch {
    throw badRequest("Invalid OpenAPI input.");
  }
  const document = fields(content);
  const version = text(document["swagger"]) ?? text(document["openapi"]) ?? "";
  if (!/^(2\.0|2|3\.0(\.\d+)?)$/.test(version))
    throw badRequest("Invalid OpenAPI input. The document must be OpenAPI 2.0 or 3.0.");
  return document;
}

/** Puts what the document says into an API; what it does not speak of stays. Throws BadRequestException and NotImplemented. */
export function importInto(cloud: Cloud, api: StoredApi, document: Fields): void {
  api.shape = { ...api.shape, ...settingsOf(document) };
  for (const [name, schema] of Object.entries(schemasOf(document)))
    api.models[name] = { id: newId(cloud, 6), name, contentType: "application/json", schema: JSON.stringify(schema) };
  const names: Names = {
    document,
    validators: addValidators(cloud, api, document),
    authorizers: addAuthorizers(cloud, api, document),
  };
  for (const [type, response] of Object.entries(fields(document["x-amazon-apigateway-gateway-responses"]))) {
    const { statusCode, responseParameters, responseTemplates } = fields(response);
    api.gatewayResponses[type] = {
      responseType: type as "DEFAULT_4XX",
      defaultResponse: false,
      responseParameters: textMap(responseParameters) ?? {},
      responseTemplates: textMap(responseTemplates) ?? {},
      ...given({ statusCode: text(statusCode) }),
    };
  }
  for (const [path, item] of Object.entries(fields(document["paths"]))) {
    if (!path.startsWith("/")) throw badRequest(`Invalid path specified: ${path}. Paths must start with a slash.`);
    const resource = resourceAt(cloud, api, path.length > 1 ? path.replace(/\/$/, "") : path);
    for (const [key, operation] of Object.entries(fields(item))) {
      if (!METHODS.has(key)) continue;
      const httpMethod = key === ANY ? "ANY" : key.toUpperCase();
      const method = methodOf(names, httpMethod, fields(operation), list(fields(item)["parameters"]));
      resource.resourceMethods = { ...resource.resourceMethods, [httpMethod]: method };
    }
  }
}

/** Bytes over the wire, text from within. */
const textOf = (body: unknown): string =>
  body instanceof Uint8Array ? Buffer.from(body).toString() : typeof body === "string" ? body : "";

function settingsOf(document: Fields): Partial<StoredApi["shape"]> {
  const info = fields(document["info"]);
  const policy = document["x-amazon-apigateway-policy"];
  const endpoint = fields(document["x-amazon-apigateway-endpoint-configuration"]);
  return given({
    name: text(info["title"]),
    description: text(info["description"]),
    version: text(info["version"]),
    binaryMediaTypes: texts(document["x-amazon-apigateway-binary-media-types"]),
    minimumCompressionSize: number(document["x-amazon-apigateway-minimum-compression-size"]),
    apiKeySource: text(document["x-amazon-apigateway-api-key-source"]) as ApiKeySourceType | undefined,
    disableExecuteApiEndpoint: flag(endpoint["disableExecuteApiEndpoint"]),
    policy: policy === undefined ? undefined : JSON.stringify(policy),
  });
}

const schemasOf = (document: Fields): Fields =>
  fields(document["definitions"] ?? fields(document["components"])["schemas"]);

function addValidators(cloud: Cloud, api: StoredApi, document: Fields): Map<string, string> {
  const ids = new Map<string, string>();
  for (const [name, validator] of Object.entries(fields(document["x-amazon-apigateway-request-validators"]))) {
    const id = newId(cloud, 6);
    const { validateRequestBody, validateRequestParameters } = fields(validator);
    api.validators[id] = {
      id,
      name,
      validateRequestBody: flag(validateRequestBody) ?? false,
      validateRequestParameters: flag(validateRequestParameters) ?? false,
    };
    ids.set(name, id);
  }
  return ids;
}

/** Security schemes that are Lambda authorizers, with their ids. */
function addAuthorizers(cloud: Cloud, api: StoredApi, document: Fields): Map<string, string> {
  const ids = new Map<string, string>();
  const schemes = fields(document["securityDefinitions"] ?? fields(document["components"])["securitySchemes"]);
  for (const [name, value] of Object.entries(schemes)) {
    const scheme = fields(value);
    const extension = scheme["x-amazon-apigateway-authorizer"];
    if (extension === undefined) continue;
    const id = newId(cloud, 6);
    api.authorizers[id] = { ...authorizerOf(name, scheme, fields(extension)), id };
    ids.set(name, id);
  }
  return ids;
}

function authorizerOf(name: string, scheme: Fields, extension: Fields): Authorizer {
  const type = String(extension["type"] ?? "").toUpperCase();
  if (type !== "TOKEN" && type !== "REQUEST") throw unsupported(`authorizers of type ${type}`);
  return {
    name,
    type,
    authType: "custom",
    authorizerResultTtlInSeconds: number(extension["authorizerResultTtlInSeconds"]) ?? 300,
    ...given({
      authorizerUri: text(extension["authorizerUri"]),
      authorizerCredentials: text(extension["authorizerCredentials"]),
      // A token is where the scheme says; a REQUEST authorizer says it itself.
      identitySource:
        type === "TOKEN"
          ? `method.request.header.${text(scheme["name"]) ?? "Authorization"}`
          : text(extension["identitySource"]),
      identityValidationExpression: text(extension["identityValidationExpression"]),
    }),
  };
}
