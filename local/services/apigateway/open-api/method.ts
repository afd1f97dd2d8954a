/** One operation of an OpenAPI document as a method with its integration. */
import type {
  ContentHandlingStrategy,
  Integration,
  IntegrationResponse,
  IntegrationType,
  Method,
  MethodResponse,
} from "@aws-sdk/client-api-gateway";
import { given } from "../shared-management/given.ts";
import { badRequest, unsupported } from "../store.ts";
import { type Fields, fields, list, number, text, texts, textMap } from "../shared-management/document-fields.ts";

/** What operations refer to by name. */
export interface Names {
  readonly document: Fields;
  readonly validators: ReadonlyMap<string, string>;
  readonly authorizers: ReadonlyMap<string, string>;
}

export function methodOf(names: Names, httpMethod: string, operation: Fields, shared: readonly unknown[]): Method {
  const { document } = names;
  const parameters = [...shared, ...list(operation["parameters"])].map((parameter) =>
    resolved(document, fields(parameter)),
  );
  const validator = text(
    operation["x-amazon-apigateway-request-validator"] ?? document["x-amazon-apigateway-request-validator"],
  );
  const integration = operation["x-amazon-apigateway-integration"];
  return {
    httpMethod,
    ...authorizationOf(names, operation),
    ...given({
      operationName: text(operation["operationId"]),
      requestValidatorId: validator === undefined ? undefined : names.validators.get(validator),
      requestParameters: requestParameters(parameters),
      requestModels: requestModels(operation, parameters),
      methodIntegration: integration === undefined ? undefined : integrationOf(fields(integration)),
    }),
    methodResponses: Object.fromEntries(
      Object.entries(fields(operation["responses"])).map(([status, response]) => [
        status,
        methodResponse(status, fields(response)),
      ]),
    ),
  };
}

function resolved(document: Fields, value: Fields): Fields {
  const reference = value["$ref"];
  if (typeof reference !== "string") return value;
  return reference
    .replace(/^#\//, "")
    .split("/")
    .reduce<Fields>((found, part) => fields(found[part]), document);
}

/** All requirements of the list's members together: an authorizer or IAM, and an API key. */
function authorizationOf(
  names: Names,
  operation: Fields,
): Pick<Method, "authorizationType" | "authorizerId" | "apiKeyRequired"> {
  const { document, authorizers } = names;
  const schemes = fields(document["securityDefinitions"] ?? fields(document["components"])["securitySchemes"]);
  let authorizationType = "NONE";
  let authorizerId: string | undefined;
  let apiKeyRequired = false;
  for (const requirement of list(operation["security"] ?? document["security"])) {
    for (const name of Object.keys(fields(requirement))) {
      const scheme = fields(schemes[name]);
      const id = authorizers.get(name);
      if (id !== undefined) {
        authorizationType = "CUSTOM";
        authorizerId = id;
      } else if (name === "AWS_IAM" || scheme["x-amazon-apigateway-authtype"] === "awsSigv4")
        authorizationType = "AWS_IAM";
      else if (scheme["type"] === "apiKey" && String(scheme["name"]).toLowerCase() === "x-api-key")
        apiKeyRequired = true;
      else if (name !== "NONE")
        throw badRequest(`Unable to use the security scheme ${name}: it has no x-amazon-apigateway-authorizer`);
    }
  }
  const own = String(fields(operation["x-amazon-apigateway-auth"])["type"] ?? "").toUpperCase();
  if (own === "AWS_IAM" || own === "NONE") authorizationType = own;
  return { authorizationType, apiKeyRequired, ...given({ authorizerId }) };
}

const PLACES: Readonly<Record<string, string>> = { query: "querystring", header: "header", path: "path" };

function requestParameters(parameters: readonly Fields[]): Record<string, boolean> | undefined {
  const wanted = parameters.flatMap((parameter) => {
    const place = PLACES[String(parameter["in"])];
    return place === undefined
      ? []
      : [[`method.request.${place}.${String(parameter["name"])}`, String(parameter["required"]) === "true"] as const];
  });
  return wanted.length === 0 ? undefined : Object.fromEntries(wanted);
}

function requestModels(operation: Fields, parameters: readonly Fields[]): Record<string, string> | undefined {
  const nameOf = (schema: unknown) => text(fields(schema)["$ref"])?.split("/").at(-1);
  const inBody = parameters.find((parameter) => parameter["in"] === "body");
  const model = nameOf(inBody?.["schema"]);
  if (model !== undefined) return { [texts(operation["consumes"])?.[0] ?? "application/json"]: model };
  const content = Object.entries(fields(fields(operation["requestBody"])["content"])).flatMap(([type, media]) => {
    const name = nameOf(fields(media)["schema"]);
    return name === undefined ? [] : [[type, name] as const];
  });
  return content.length === 0 ? undefined : Object.fromEntries(content);
}

const methodResponse = (statusCode: string, response: Fields): MethodResponse => ({
  statusCode,
  responseParameters: Object.fromEntries(
    Object.keys(fields(response["headers"])).map((name) => [`method.response.header.${name}`, false]),
  ),
});

const TYPES: readonly string[] = ["AWS", "AWS_PROXY", "HTTP", "HTTP_PROXY", "MOCK"] satisfies IntegrationType[];

function integrationOf(integration: Fields): Integration {
  const type = String(integration["type"] ?? "").toUpperCase();
  if (!TYPES.includes(type))
    throw badRequest("Enum value for integration type must be one of AWS, AWS_PROXY, HTTP, HTTP_PROXY, MOCK");
  if (text(integration["connectionType"]) === "VPC_LINK") throw unsupported("integrations through a VPC link");
  if (type !== "MOCK" && integration["uri"] === undefined) throw badRequest("Integration URI must be given");
  return {
    type: type as IntegrationType,
    passthroughBehavior: (text(integration["passthroughBehavior"]) ?? "when_no_match").toUpperCase(),
    timeoutInMillis: number(integration["timeoutInMillis"]) ?? 29_000,
    ...given({
      httpMethod: text(integration["httpMethod"])?.toUpperCase(),
      uri: text(integration["uri"]),
      credentials: text(integration["credentials"]),
      requestParameters: textMap(integration["requestParameters"]),
      requestTemplates: textMap(integration["requestTemplates"]),
      contentHandling: contentHandling(integration),
    }),
    integrationResponses: integrationResponses(fields(integration["responses"])),
  };
}

/** By status code; a pattern that shares its status with another keeps its own name. */
function integrationResponses(responses: Fields): Record<string, IntegrationResponse> {
  const found: Record<string, IntegrationResponse> = {};
  for (const [pattern, value] of Object.entries(responses)) {
    const response = integrationResponse(pattern, fields(value));
    found[found[response.statusCode ?? ""] ? pattern : (response.statusCode ?? "")] = response;
  }
  return found;
}

const contentHandling = (value: Fields): ContentHandlingStrategy | undefined =>
  text(value["contentHandling"]) as ContentHandlingStrategy | undefined;

const integrationResponse = (pattern: string, response: Fields): IntegrationResponse => ({
  statusCode: text(response["statusCode"]) ?? "200",
  ...given({
    // The key `default` stands for: whatever no other pattern fits.
    selectionPattern: pattern === "default" ? undefined : pattern,
    responseParameters: textMap(response["responseParameters"]),
    responseTemplates: textMap(response["responseTemplates"]),
    contentHandling: contentHandling(response),
  }),
});
