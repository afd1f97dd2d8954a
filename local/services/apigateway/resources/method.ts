/** AWS::ApiGateway::Method with its integration and responses. */
import type { ContentHandlingStrategy, IntegrationType } from "@aws-sdk/client-api-gateway";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import { given } from "../shared-management/given.ts";
import {
  flag,
  isChanged,
  number,
  object,
  objects,
  requiredText,
  text,
  textMap,
  unlessGone,
} from "../shared-management/template-properties.ts";

export const methodProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    ApiKeyRequired: true,
    AuthorizationScopes: true,
    AuthorizationType: true,
    AuthorizerId: true,
    HttpMethod: true,
    Integration: {
      ConnectionType: true,
      ContentHandling: true,
      Credentials: true,
      IntegrationHttpMethod: true,
      IntegrationResponses: true,
      PassthroughBehavior: true,
      RequestParameters: true,
      RequestTemplates: true,
      TimeoutInMillis: true,
      Type: true,
      Uri: true,
    },
    MethodResponses: true,
    OperationName: true,
    RequestModels: true,
    RequestParameters: true,
    RequestValidatorId: true,
    ResourceId: true,
    RestApiId: true,
  },
  async create(properties, context) {
    await put(cloud, properties);
    return { physicalId: context.physicalName(128) };
  },
  async update(physicalId, properties, previous) {
    if (isChanged(properties, previous, "RestApiId", "ResourceId", "HttpMethod")) return "replace";
    await put(cloud, properties);
    return { physicalId };
  },
  delete: (_, properties) => unlessGone(cloud.call("apigateway", "DeleteMethod", placeOf(properties), ACCOUNT)),
});

const placeOf = (properties: Properties) => ({
  restApiId: requiredText(properties, "RestApiId"),
  resourceId: requiredText(properties, "ResourceId"),
  httpMethod: requiredText(properties, "HttpMethod"),
});

const flags = (properties: Properties, name: string): Record<string, boolean> | undefined => {
  const value = object(properties, name);
  return value && Object.fromEntries(Object.entries(value).map(([key, item]) => [key, String(item) === "true"]));
};

/** The method anew, with everything that belongs to it. */
async function put(cloud: Cloud, properties: Properties): Promise<void> {
  const place = placeOf(properties);
  const settings = given({
    apiKeyRequired: flag(properties, "ApiKeyRequired"),
    authorizerId: text(properties, "AuthorizerId"),
    operationName: text(properties, "OperationName"),
    requestModels: textMap(properties, "RequestModels"),
    requestParameters: flags(properties, "RequestParameters"),
    requestValidatorId: text(properties, "RequestValidatorId"),
  });
  const authorizationType = text(properties, "AuthorizationType") ?? "NONE";
  await cloud.call("apigateway", "PutMethod", { ...place, authorizationType, ...settings }, ACCOUNT);
  const declared = objects(properties, "MethodResponses");
  for (const response of declared) await putMethodResponse(cloud, place, response);
  const integration = object(properties, "Integration");
  if (!integration) return;
  await putIntegration(cloud, place, integration);
  for (const response of objects(integration, "IntegrationResponses")) {
    const statusCode = requiredText(response, "StatusCode");
    const input = {
      ...place,
      statusCode,
      ...given({
        selectionPattern: text(response, "SelectionPattern"),
        responseParameters: textMap(response, "ResponseParameters"),
        responseTemplates: textMap(response, "ResponseTemplates"),
        contentHandling: text(response, "ContentHandling") as ContentHandlingStrategy | undefined,
      }),
    };
    await cloud.call("apigateway", "PutIntegrationResponse", input, ACCOUNT);
  }
}

type Place = ReturnType<typeof placeOf>;

async function putMethodResponse(cloud: Cloud, place: Place, response: Properties): Promise<void> {
  const input = {
    ...place,
    statusCode: requiredText(response, "StatusCode"),
    ...given({
      responseModels: textMap(response, "ResponseModels"),
      responseParameters: flags(response, "ResponseParameters"),
    }),
  };
  await cloud.call("apigateway", "PutMethodResponse", input, ACCOUNT);
}

async function putIntegration(cloud: Cloud, place: Place, integration: Properties): Promise<void> {
  const input = {
    ...place,
    type: requiredText(integration, "Type") as IntegrationType,
    ...given({
      connectionType: text(integration, "ConnectionType") as "INTERNET" | undefined,
      contentHandling: text(integration, "ContentHandling") as ContentHandlingStrategy | undefined,
      credentials: text(integration, "Credentials"),
      integrationHttpMethod: text(integration, "IntegrationHttpMethod"),
      passthroughBehavior: text(integration, "PassthroughBehavior"),
      requestParameters: textMap(integration, "RequestParameters"),
      requestTemplates: textMap(integration, "RequestTemplates"),
      timeoutInMillis: number(integration, "TimeoutInMillis"),
      uri: text(integration, "Uri"),
    }),
  };
  await cloud.call("apigateway", "PutIntegration", input, ACCOUNT);
}
