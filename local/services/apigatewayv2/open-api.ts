/** OpenAPI 3.0 documents with API Gateway's extensions, read as routes, integrations and authorizers. */
import {
  type Fields,
  fields,
  flag,
  list,
  number,
  text,
  textMap as map,
  texts,
} from "../apigateway/shared-management/document-fields.ts";
import type { Cors } from "@aws-sdk/client-apigatewayv2";
import type { Input } from "../../core/service.ts";
import { given } from "../apigateway/shared-management/given.ts";
import { badRequest, type Sdk, unsupported } from "./store.ts";

export interface ImportedRoute {
  readonly key: string;
  readonly operationName: string | undefined;
  readonly integration: Omit<Input<Sdk, "CreateIntegration">, "ApiId"> | undefined;
  readonly authorization: {
    readonly type: "NONE" | "AWS_IAM" | "JWT" | "CUSTOM";
    readonly authorizer?: string;
    readonly scopes: readonly string[];
  };
}

export interface Document {
  readonly title: string;
  readonly settings: {
    Description?: string;
    Version?: string;
    CorsConfiguration?: Cors;
    DisableExecuteApiEndpoint?: boolean;
  };
  readonly tags: Record<string, string>;
  readonly authorizers: ReadonlyMap<string, Omit<Input<Sdk, "CreateAuthorizer">, "ApiId">>;
  readonly routes: readonly ImportedRoute[];
}

const ANY = "x-amazon-apigateway-any-method";
const METHODS = new Set(["delete", "get", "head", "options", "patch", "post", "put", ANY]);

/** Throws BadRequestException when it is no OpenAPI 3.0 document, and NotImplemented for what would not be served. */
export function readDocument(content: unknown): Document {
  const document = fields(content);
  if (!String(document["openapi"] ?? "").startsWith("3.0"))
    throw badRequest(
      "Unable to parse the API definition because of a malformed Api definition: HTTP APIs need OpenAPI 3.0",
    );
  const info = fields(document["info"]);
  const schemes = fields(fields(document["components"])["securitySchemes"]);
  const routes = Object.entries(fields(document["paths"])).flatMap(([path, item]) =>
    Object.entries(fields(item))
      .filter(([method]) => METHODS.has(method))
      .map(([method, operation]) => routeOf(document, schemes, path, method, fields(operation))),
  );
  return {
    title: text(info["title"]) ?? "",
    settings: given({
      Description: text(info["description"]),
      Version: text(info["version"]),
      CorsConfiguration: corsOf(document["x-amazon-apigateway-cors"]),
      DisableExecuteApiEndpoint: endpointIsOff(document),
    }),
    tags: tagsOf(document["tags"]),
    authorizers: new Map(
      Object.entries(schemes).flatMap(([name, scheme]) => {
        const extension = fields(scheme)["x-amazon-apigateway-authorizer"];
        return extension === undefined ? [] : [[name, authorizerOf(name, fields(scheme), fields(extension))] as const];
      }),
    ),
    routes,
  };
}

/** Said of a server, in whose place it stands. */
const endpointIsOff = (document: Fields): boolean | undefined =>
  list(document["servers"])
    .map((server) =>
      flag(fields(fields(server)["x-amazon-apigateway-endpoint-configuration"])["disableExecuteApiEndpoint"]),
    )
    .find((isOff) => isOff !== undefined);

function corsOf(value: unknown): Cors | undefined {
  if (value === undefined) return undefined;
  const cors = fields(value);
  return given({
    AllowOrigins: texts(cors["allowOrigins"]),
    AllowMethods: texts(cors["allowMethods"]),
    AllowHeaders: texts(cors["allowHeaders"]),
    ExposeHeaders: texts(cors["exposeHeaders"]),
    MaxAge: number(cors["maxAge"]),
    AllowCredentials: flag(cors["allowCredentials"]),
  });
}

const tagsOf = (value: unknown): Record<string, string> =>
  Object.fromEntries(
    list(value).flatMap((item) => {
      const { name, "x-amazon-apigateway-tag-value": tag } = fields(item);
      return tag === undefined ? [] : [[String(name), String(tag)]];
    }),
  );

function routeOf(document: Fields, schemes: Fields, path: string, method: string, operation: Fields): ImportedRoute {
  const key = /^\/?\$default$/.test(path) ? "$default" : `${method === ANY ? "ANY" : method.toUpperCase()} ${path}`;
  const integration = operation["x-amazon-apigateway-integration"];
  return {
    key,
    operationName: text(operation["operationId"]),
    integration: integration === undefined ? undefined : integrationOf(resolved(document, fields(integration))),
    authorization: authorizationOf(schemes, list(operation["security"] ?? document["security"]), operation),
  };
}

/** `{ $ref: "#/components/x-amazon-apigateway-integrations/name" }`. */
function resolved(document: Fields, integration: Fields): Fields {
  const reference = integration["$ref"];
  if (typeof reference !== "string") return integration;
  const found = reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<Fields>((value, part) => fields(value[part.replaceAll("~1", "/").replaceAll("~0", "~")]), document);
  if (Object.keys(found).length === 0) throw badRequest(`Unable to resolve ${reference}`);
  return found;
}

function integrationOf(integration: Fields): ImportedRoute["integration"] {
  const type = String(integration["type"] ?? "").toUpperCase();
  if (type !== "AWS_PROXY" && type !== "HTTP_PROXY") throw badRequest(`Invalid integration type specified: ${type}`);
  const responses = integration["responseParameters"];
  return {
    IntegrationType: type,
    ...given({
      IntegrationUri: text(integration["uri"]),
      IntegrationSubtype: text(integration["integrationSubtype"]),
      IntegrationMethod: text(integration["httpMethod"]),
      PayloadFormatVersion: text(integration["payloadFormatVersion"]),
      CredentialsArn: text(integration["credentials"]),
      TimeoutInMillis: number(integration["timeoutInMillis"]),
      ConnectionId: text(integration["connectionId"]),
      RequestParameters: map(integration["requestParameters"]),
      ResponseParameters:
        responses === undefined
          ? undefined
          : Object.fromEntries(
              Object.entries(fields(responses)).map(([status, changes]) => [status, map(changes) ?? {}]),
            ),
    }),
  };
}

function authorizationOf(
  schemes: Fields,
  security: readonly unknown[],
  operation: Fields,
): ImportedRoute["authorization"] {
  const auth = String(fields(operation["x-amazon-apigateway-auth"])["type"] ?? "").toUpperCase();
  if (auth === "AWS_IAM") return { type: "AWS_IAM", scopes: [] };
  const [name, scopes] = Object.entries(fields(security[0]))[0] ?? [];
  if (name === undefined || name === "NONE") return { type: "NONE", scopes: [] };
  const scheme = fields(schemes[name]);
  if (name === "AWS_IAM" || scheme["x-amazon-apigateway-authtype"] === "awsSigv4")
    return { type: "AWS_IAM", scopes: [] };
  const kind = fields(scheme["x-amazon-apigateway-authorizer"])["type"];
  if (kind === undefined) throw badRequest(`The security scheme ${name} has no x-amazon-apigateway-authorizer`);
  return { type: kind === "jwt" ? "JWT" : "CUSTOM", authorizer: name, scopes: texts(scopes) ?? [] };
}

function authorizerOf(name: string, scheme: Fields, extension: Fields): Omit<Input<Sdk, "CreateAuthorizer">, "ApiId"> {
  const sources =
    text(extension["identitySource"])
      ?.split(",")
      .map((source) => source.trim()) ?? texts(extension["identitySource"]);
  const kind = String(extension["type"] ?? "");
  if (kind === "jwt") {
    const jwt = fields(extension["jwtConfiguration"]);
    const discovery = text(scheme["openIdConnectUrl"])?.replace(/\/\.well-known\/openid-configuration$/, "");
    return {
      Name: name,
      AuthorizerType: "JWT",
      IdentitySource: sources ?? ["$request.header.Authorization"],
      JwtConfiguration: given({ Issuer: text(jwt["issuer"]) ?? discovery, Audience: texts(jwt["audience"]) }),
    };
  }
  if (kind !== "request") throw unsupported(`authorizers of type ${kind}`);
  return {
    Name: name,
    AuthorizerType: "REQUEST",
    IdentitySource: sources,
    ...given({
      AuthorizerUri: text(extension["authorizerUri"]),
      AuthorizerPayloadFormatVersion: text(extension["authorizerPayloadFormatVersion"]),
      AuthorizerResultTtlInSeconds: number(extension["authorizerResultTtlInSeconds"]),
      EnableSimpleResponses: flag(extension["enableSimpleResponses"]),
      AuthorizerCredentialsArn: text(extension["authorizerCredentials"]),
    }),
  };
}
