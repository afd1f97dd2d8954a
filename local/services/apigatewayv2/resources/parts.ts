/** AWS::ApiGatewayV2::Stage, Route, Integration, Authorizer and Deployment. */
import type { AccessLogSettings, IntegrationType, JWTConfiguration, RouteSettings } from "@aws-sdk/client-apigatewayv2";
import type { Cloud } from "../../../core/cloud.ts";
import { ACCOUNT } from "../../../core/principal.ts";
import type { Properties, ResourceProvider } from "../../../core/service.ts";
import {
  flag,
  isChanged,
  number,
  object,
  requiredText,
  tags,
  text,
  textMap,
  texts,
  unlessGone,
} from "../../apigateway/shared-management/template-properties.ts";
import { given } from "../../apigateway/shared-management/given.ts";

const apiOf = (properties: Properties): string => requiredText(properties, "ApiId");

export const stageProvider = (cloud: Cloud): ResourceProvider => ({
  known: {
    AccessLogSettings: { DestinationArn: true, Format: true },
    ApiId: true,
    AutoDeploy: true,
    DefaultRouteSettings: true,
    DeploymentId: true,
    Description: true,
    RouteSettings: true,
    StageName: true,
    StageVariables: true,
    Tags: true,
  },
  async create(properties, context) {
    const StageName = requiredText(properties, "StageName");
    const input = {
      ApiId: apiOf(properties),
      StageName,
      ...stageSettings(properties),
      Tags: tags(properties, context),
    };
    await cloud.call("apigatewayv2", "CreateStage", input, ACCOUNT);
    return { physicalId: StageName };
  },
  async update(name, properties, previous) {
    if (isChanged(properties, previous, "ApiId", "StageName")) return "replace";
    const ApiId = apiOf(properties);
    const target = { ApiId, StageName: name };
    if (previous["AccessLogSettings"] !== undefined && properties["AccessLogSettings"] === undefined)
      await cloud.call("apigatewayv2", "DeleteAccessLogSettings", target, ACCOUNT);
    const cleared = { DefaultRouteSettings: {}, RouteSettings: {}, StageVariables: {}, AutoDeploy: false };
    await cloud.call("apigatewayv2", "UpdateStage", { ...target, ...cleared, ...stageSettings(properties) }, ACCOUNT);
    return { physicalId: name };
  },
  delete: (name, properties) =>
    unlessGone(cloud.call("apigatewayv2", "DeleteStage", { ApiId: apiOf(properties), StageName: name }, ACCOUNT)),
});

function stageSettings(properties: Properties) {
  const routes = object(properties, "RouteSettings");
  return given({
    AccessLogSettings: object(properties, "AccessLogSettings") as AccessLogSettings | undefined,
    AutoDeploy: flag(properties, "AutoDeploy"),
    DefaultRouteSettings: routeSettings(object(properties, "DefaultRouteSettings")),
    DeploymentId: text(properties, "DeploymentId"),
    Description: text(properties, "Description"),
    RouteSettings:
      routes && Object.fromEntries(Object.keys(routes).map((key) => [key, routeSettings(object(routes, key)) ?? {}])),
    StageVariables: textMap(properties, "StageVariables"),
  });
}

const routeSettings = (settings: Properties | undefined): RouteSettings | undefined =>
  settings &&
  given({
    DetailedMetricsEnabled: flag(settings, "DetailedMetricsEnabled"),
    ThrottlingBurstLimit: number(settings, "ThrottlingBurstLimit"),
    ThrottlingRateLimit: number(settings, "ThrottlingRateLimit"),
  });

export const routeProvider = (cloud: Cloud): ResourceProvider => {
  const settings = (properties: Properties) => ({
    RouteKey: requiredText(properties, "RouteKey"),
    ...given({
      ApiKeyRequired: flag(properties, "ApiKeyRequired"),
      AuthorizationScopes: texts(properties, "AuthorizationScopes"),
      AuthorizationType: text(properties, "AuthorizationType") as "NONE" | undefined,
      AuthorizerId: text(properties, "AuthorizerId"),
      OperationName: text(properties, "OperationName"),
      Target: text(properties, "Target"),
    }),
  });
  return {
    known: {
      ApiId: true,
      ApiKeyRequired: true,
      AuthorizationScopes: true,
      AuthorizationType: true,
      AuthorizerId: true,
      OperationName: true,
      RouteKey: true,
      Target: true,
    },
    async create(properties) {
      const input = { ApiId: apiOf(properties), ...settings(properties) };
      const { RouteId = "" } = await cloud.call("apigatewayv2", "CreateRoute", input, ACCOUNT);
      return { physicalId: RouteId, attributes: { RouteId } };
    },
    async update(RouteId, properties, previous) {
      if (isChanged(properties, previous, "ApiId")) return "replace";
      const input = { ApiId: apiOf(properties), RouteId, AuthorizationType: "NONE" as const, ...settings(properties) };
      await cloud.call("apigatewayv2", "UpdateRoute", input, ACCOUNT);
      return { physicalId: RouteId, attributes: { RouteId } };
    },
    delete: (RouteId, properties) =>
      unlessGone(cloud.call("apigatewayv2", "DeleteRoute", { ApiId: apiOf(properties), RouteId }, ACCOUNT)),
  };
};

export const integrationProvider = (cloud: Cloud): ResourceProvider => {
  const settings = (properties: Properties) => ({
    IntegrationType: text(properties, "IntegrationType") as IntegrationType | undefined,
    ...given({
      ConnectionId: text(properties, "ConnectionId"),
      ConnectionType: text(properties, "ConnectionType") as "INTERNET" | undefined,
      CredentialsArn: text(properties, "CredentialsArn"),
      Description: text(properties, "Description"),
      IntegrationMethod: text(properties, "IntegrationMethod"),
      IntegrationSubtype: text(properties, "IntegrationSubtype"),
      IntegrationUri: text(properties, "IntegrationUri"),
      PayloadFormatVersion: text(properties, "PayloadFormatVersion"),
      RequestParameters: textMap(properties, "RequestParameters"),
      ResponseParameters: responseParameters(object(properties, "ResponseParameters")),
      TimeoutInMillis: number(properties, "TimeoutInMillis"),
    }),
  });
  return {
    known: {
      ApiId: true,
      ConnectionId: true,
      ConnectionType: true,
      CredentialsArn: true,
      Description: true,
      IntegrationMethod: true,
      IntegrationSubtype: true,
      IntegrationType: true,
      IntegrationUri: true,
      PayloadFormatVersion: true,
      RequestParameters: true,
      ResponseParameters: true,
      TimeoutInMillis: true,
    },
    async create(properties) {
      const input = { ApiId: apiOf(properties), ...settings(properties) };
      const { IntegrationId = "" } = await cloud.call("apigatewayv2", "CreateIntegration", input, ACCOUNT);
      return { physicalId: IntegrationId, attributes: { IntegrationId } };
    },
    async update(IntegrationId, properties, previous) {
      if (isChanged(properties, previous, "ApiId", "IntegrationType")) return "replace";
      const input = { ApiId: apiOf(properties), IntegrationId, ...settings(properties) };
      await cloud.call("apigatewayv2", "UpdateIntegration", input, ACCOUNT);
      return { physicalId: IntegrationId, attributes: { IntegrationId } };
    },
    delete: (IntegrationId, properties) =>
      unlessGone(cloud.call("apigatewayv2", "DeleteIntegration", { ApiId: apiOf(properties), IntegrationId }, ACCOUNT)),
  };
};

/** CloudFormation lists `{ Destination, Source }` where the API has an object. */
function responseParameters(byStatus: Properties | undefined): Record<string, Record<string, string>> | undefined {
  if (!byStatus) return undefined;
  return Object.fromEntries(
    Object.entries(byStatus).map(([status, value]) => {
      const listed = object({ value }, "value")?.["ResponseParameters"];
      const pairs = Array.isArray(listed)
        ? listed.map((item) => [String(item?.Destination), String(item?.Source)])
        : Object.entries(textMap({ value }, "value") ?? {});
      return [status, Object.fromEntries(pairs)];
    }),
  );
}

export const authorizerProvider = (cloud: Cloud): ResourceProvider => {
  const settings = (properties: Properties) => ({
    Name: text(properties, "Name"),
    AuthorizerType: text(properties, "AuthorizerType") as "REQUEST" | undefined,
    IdentitySource: texts(properties, "IdentitySource"),
    ...given({
      AuthorizerCredentialsArn: text(properties, "AuthorizerCredentialsArn"),
      AuthorizerPayloadFormatVersion: text(properties, "AuthorizerPayloadFormatVersion"),
      AuthorizerResultTtlInSeconds: number(properties, "AuthorizerResultTtlInSeconds"),
      AuthorizerUri: text(properties, "AuthorizerUri"),
      EnableSimpleResponses: flag(properties, "EnableSimpleResponses"),
      JwtConfiguration: object(properties, "JwtConfiguration") as JWTConfiguration | undefined,
    }),
  });
  return {
    known: {
      ApiId: true,
      AuthorizerCredentialsArn: true,
      AuthorizerPayloadFormatVersion: true,
      AuthorizerResultTtlInSeconds: true,
      AuthorizerType: true,
      AuthorizerUri: true,
      EnableSimpleResponses: true,
      IdentitySource: true,
      JwtConfiguration: { Audience: true, Issuer: true },
      Name: true,
    },
    async create(properties) {
      const input = { ApiId: apiOf(properties), ...settings(properties) };
      const { AuthorizerId = "" } = await cloud.call("apigatewayv2", "CreateAuthorizer", input, ACCOUNT);
      return { physicalId: AuthorizerId, attributes: { AuthorizerId } };
    },
    async update(AuthorizerId, properties, previous) {
      if (isChanged(properties, previous, "ApiId")) return "replace";
      const input = { ApiId: apiOf(properties), AuthorizerId, ...settings(properties) };
      await cloud.call("apigatewayv2", "UpdateAuthorizer", input, ACCOUNT);
      return { physicalId: AuthorizerId, attributes: { AuthorizerId } };
    },
    delete: (AuthorizerId, properties) =>
      unlessGone(cloud.call("apigatewayv2", "DeleteAuthorizer", { ApiId: apiOf(properties), AuthorizerId }, ACCOUNT)),
  };
};

export const deploymentProvider = (cloud: Cloud): ResourceProvider => ({
  known: { ApiId: true, Description: true, StageName: true },
  async create(properties) {
    const input = given({ Description: text(properties, "Description"), StageName: text(properties, "StageName") });
    const { DeploymentId = "" } = await cloud.call(
      "apigatewayv2",
      "CreateDeployment",
      { ApiId: apiOf(properties), ...input },
      ACCOUNT,
    );
    return { physicalId: DeploymentId, attributes: { DeploymentId } };
  },
  delete: (DeploymentId, properties) =>
    unlessGone(cloud.call("apigatewayv2", "DeleteDeployment", { ApiId: apiOf(properties), DeploymentId }, ACCOUNT)),
});
